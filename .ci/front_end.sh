#!/bin/sh
# Build the front end with the tools in .venv, and put it where .venv's JupyterLab finds it.
set -eu

tools=$PWD/.venv/bin
PATH=$tools:$PATH
target=.venv/share/jupyter/labextensions/jupyter-aml
said=$(mktemp)
trap 'rm -f "$said"' EXIT

quietly() { "$@" >"$said" 2>&1 || { cat "$said" >&2; exit 1; }; }

echo "Building the front end (a minute or two the first time) …"
cd labextension
quietly jlpm install --immutable
quietly jlpm build:prod
cd ..
rm -rf "$target"
mkdir -p "$target"
cp -R jupyter_aml/labextension/. labextension/install.json "$target"
