#!/bin/sh
# A jar follows these lines. The options make a short run start sooner.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$0" "$@"
