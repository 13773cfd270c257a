#!/bin/sh
# Make .venv with the first Python >= 3.11 found, and install WHAT ($1, as pip writes it) there, byte-compiled.
set -eu

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  for name in ${PYTHON3:-python3} python3.14 python3.13 python3.12 python3.11 python; do
    if is_new_enough "$name"; then echo "$name"; return; fi
  done
  echo "jupyter_aml needs Python 3.11 or newer; found: $(python3 --version 2>&1 || true)." >&2
  echo "Install one (https://www.python.org/downloads), or say where it is: make PYTHON3=/path/to/python3 …" >&2
  exit 1
}

make_venv() {
  python=$(find_python)
  rm -rf .venv
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    # Debian and Ubuntu keep these two in a package of their own
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -q && apt-get install -y -q --no-install-recommends "python$version-venv"
    else
      echo "This Python cannot make environments. Try: sudo apt-get install python$version-venv" >&2
      exit 1
    fi
  fi
  "$python" -m venv .venv
}

if ! is_new_enough .venv/bin/python; then make_venv; fi
echo "Installing jupyter_aml into .venv (a minute or two the first time) …"
.venv/bin/python -m pip install --quiet --compile --editable "$1"
