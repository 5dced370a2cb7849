#!/bin/bash
# Prints the shortest time of N runs in milliseconds, 11 by default: startup.sh [N]
# JAVA_HOME chooses the JDK. Build first: mvn -q -DskipTests package
set -euo pipefail
cd "$(dirname "$0")"
runs=${1:-11}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'kill "$stub" && rm -r "$work"' EXIT
"$java" -jar ../../contract-tests/stub-provider/target/access-tokens-stub-provider-*[0-9T].jar > "$work/stub" &
stub=$!
until grep -q READY "$work/stub"; do
  kill -0 "$stub"
  sleep 0.1
done
set -a
. <(grep = "$work/stub")
set +a

# shortest COMMAND...
shortest() {
  for ((i = 0; i < runs; i++)); do
    local start=$(date +%s%N)
    "$@" > "$work/out" 2> "$work/err"
    echo $((($(date +%s%N) - start) / 1000000))
  done | sort -n | head -n 1
}
# row NAME COMMAND...
row() {
  local name=$1
  shift
  printf '| %s | %s | %s | %s |\n' "$name" "$(shortest "$@" --version)" "$(shortest "$@" --help)" \
    "$(shortest "$@" --service-token-id "$SERVICE_TOKEN_ID" --grace 24h --secret-file "$work/token")"
}
row 'java -jar rotate.jar' "$java" -jar target/rotate.jar
row rotate target/rotate.jar
"$java" -XX:ArchiveClassesAtExit="$work/rotate.jsa" -jar target/rotate.jar --demo > "$work/out" 2> "$work/err"
export JDK_JAVA_OPTIONS=-XX:SharedArchiveFile=$work/rotate.jsa
row 'rotate, with an archive of its classes' target/rotate.jar
