#!/usr/bin/env bash
# make setup: a virtual environment with the pinned run-time packages and the product itself.
set -euo pipefail
venv=$1
need() { printf 'setup: %s\n' "$*" >&2; exit 1; }

python=$(command -v python3.11 || command -v python3 || true)
[ -n "$python" ] || need "Python 3.11 is missing. Install it (Debian 12: apt-get install python3) and run make again."
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
  || need "$("$python" --version) is not Python 3.11. Install Python 3.11 and run make again."

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  "$(dirname "$0")/debian.sh" python3-venv
fi
echo "setup: making the virtual environment $venv with $("$python" --version)"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "setup: installing the $(grep -c '^[a-z]' constraints.txt) packages pinned in constraints.txt"
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement constraints.txt
echo "setup: installing lagesbild itself; the command is $venv/bin/lagesbild"
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
touch "$venv/.installed"
