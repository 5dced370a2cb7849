#!/bin/bash
# Prints the shortest time of N runs in milliseconds, 11 by default: startup.sh [N]
# JAVA_HOME chooses the JDK. Build first: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
exec 3> "$work/stub"
"$java" -jar ../../contract-tests/stub-provider/target/access-tokens-stub-provider-*[0-9T].jar >&3 &
stub=$!
trap 'kill "$stub"; rm -r "$work"' EXIT
until grep -q READY "$work/stub"; do
  kill -0 "$stub"
  sleep 0.1
done
set -a
. <(grep = "$work/stub")
set +a
archive=-XX:SharedArchiveFile=$work/archive
"$java" -XX:ArchiveClassesAtExit="$work/archive" -jar target/rotate.jar --demo > "$work/out" 2> "$work/err"

# measure COLUMN OPTION...: adds a time for each way to start
measure() {
  local column=$1 start way
  shift
  for way in jar program archive; do
    start=$(date +%s%N)
    case $way in
      jar) "$java" -jar target/rotate.jar "$@" ;;
      program) target/rotate.jar "$@" ;;
      archive) JDK_JAVA_OPTIONS=$archive target/rotate.jar "$@" ;;
    esac > "$work/out" 2> "$work/err"
    echo $((($(date +%s%N) - start) / 1000000)) >> "$work/$way-$column"
  done
}
shortest() { sort -n "$work/$1" | head -n 1; }

# One way after the other, so that other load slows all of them down
for ((i = 0; i < ${1:-11}; i++)); do
  measure version --version
  measure help --help
  measure rotation --service-token-id "$SERVICE_TOKEN_ID" --grace 24h --secret-file "$work/token"
done
for way in jar program archive; do
  echo "| $way | $(shortest $way-version) | $(shortest $way-help) | $(shortest $way-rotation) |"
done
