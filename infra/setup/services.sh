#!/usr/bin/env bash
# make setup-test: the services the tests run for real. Usage: services.sh [java|postgres|chromium …]; all when none is named.
set -euo pipefail
here=$(dirname "$0")
has() { command -v "$1" >/dev/null 2>&1; }
[ $# -gt 0 ] || set -- java postgres chromium
packages=()
for service in "$@"; do
  case "$service" in
    java)
      has java || packages+=(openjdk-17-jre-headless)
      has mvn || packages+=(maven) ;;
    postgres) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql) ;;
    chromium)
      has chromium || packages+=(chromium)
      fc-list 2>/dev/null | grep -qi dejavu || packages+=(fonts-dejavu-core) ;;
    *) echo "services.sh: unknown service $service; choose java, postgres, chromium" >&2; exit 2 ;;
  esac
done
[ ${#packages[@]} -eq 0 ] || "$here/debian.sh" "${packages[@]}"
