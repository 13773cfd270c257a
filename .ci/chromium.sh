#!/bin/sh
# The browser tests drive the system's Chromium. Install it when there is none.
set -eu

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] && exit 0
[ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ] && exit 0

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

if may_be_root && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the browser tests …"
  as_root apt-get update -q && as_root apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core
elif may_be_root && command -v dnf >/dev/null; then
  as_root dnf install -y -q chromium
else
  echo "The browser tests need Chromium, and this user may not install it. Please run one of:" >&2
  echo "  sudo apt-get install chromium    sudo dnf install chromium    brew install --cask chromium" >&2
  echo "or leave those tests out: .venv/bin/python -m pytest -m 'not browser'" >&2
  exit 1
fi
