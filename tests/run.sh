# Runs the tests; those of tests/browser need a browser. Debian's Chromium is installed where this may be done.
set -eu

find_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    [ -x "$mac" ] && echo "$mac"
}

install_browser() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    echo "Installing Chromium for the browser tests."
    { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1 || return 0
}

# In the order of tests/conftest.py, the longest files first.
tests="--numprocesses auto --dist loadfile --no-loadscope-reorder"

find_browser >/dev/null || install_browser
if browser=$(find_browser); then
    CHROMIUM=$browser exec .venv/bin/python -m pytest $tests
fi
if [ -n "${CI:-}" ]; then
    echo "There is no browser, so the browser tests cannot run: install Chromium." >&2
    exit 1
fi
echo "There is no browser, so the browser tests are left out: install Chromium or Chrome to run them."
exec .venv/bin/python -m pytest $tests --ignore tests/browser
