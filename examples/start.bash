# shellcheck shell=bash
# Sourced by the start scripts of the examples, which set: here (the repository's root), example (the module's folder
# in examples) and program (its main class). Builds what it runs when that is older than its sources.
module=$here/examples/$example
classpath=$module/target/classpath

die() {
  printf "$example: %s\n" "$@" >&2
  exit 1
}

install_hint='For example: apt-get install openjdk-17-jdk-headless maven, or brew install openjdk@17 maven'

find_java() {
  java=java
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || die "JAVA_HOME is $JAVA_HOME, where no bin/java is." \
      'Set JAVA_HOME to a JDK from 17 on, or unset it.'
  fi
  command -v "$java" >/dev/null || die 'There is no java. A JDK from 17 on is needed.' "$install_hint"
  local version major
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  major=${version%%[.+-]*}
  case $major in
    '' | *[!0-9]*) die "The version of $java cannot be told; a JDK from 17 on is needed." ;;
  esac
  [ "$major" -ge 17 ] || die "$(command -v "$java") is version $version; a JDK from 17 on is needed." \
    "$install_hint" 'Then set JAVA_HOME to it.'
}

is_built() {
  [ -s "$classpath" ] || return 1
  local newer entry
  newer=$(find "$here/pom.xml" "$here"/clouddb-*/pom.xml "$here"/clouddb-*/src/main \
    "$here/examples/pom.xml" "$here/examples/common/pom.xml" "$here/examples/common/src/main" \
    "$module/pom.xml" "$module/src/main" \
    -newer "$classpath" -print 2>/dev/null | head -n 1)
  [ -z "$newer" ] || return 1
  local IFS=:
  # Without quotes: one word for each entry.
  for entry in $(cat "$classpath") "$module/target/classes"; do
    [ -e "$entry" ] || return 1
  done
}

build() {
  command -v mvn >/dev/null || die 'There is no mvn. Maven from 3.8.6 on is needed to build.' "$install_hint"
  "$java" --list-modules 2>/dev/null | grep -q '^jdk.compiler' ||
    die "$(command -v "$java") is a runtime without a compiler; a JDK is needed." "$install_hint"
  echo "Building what ./$example runs; the first time takes a few minutes."
  local log
  log=$(mktemp)
  if ! mvn -q -B -f "$here/pom.xml" -Dquickstart -pl "examples/$example" -am package >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die 'The build failed; see above.'
  fi
  rm -f "$log"
}

find_java
is_built || build

if [ -t 1 ]; then
  CLOUDDB_EXAMPLE_TERMINAL=true
  columns=$(stty size 2>/dev/null </dev/tty | cut -d ' ' -f 2) || columns=
  COLUMNS=${columns:-${COLUMNS:-}}
else
  CLOUDDB_EXAMPLE_TERMINAL=false
fi
CLASSPATH=$module/target/classes:$(cat "$classpath")
export CLOUDDB_EXAMPLE_TERMINAL COLUMNS CLASSPATH
run=("$java")
if ! [[ "${JAVA_TOOL_OPTIONS-} ${JDK_JAVA_OPTIONS-}" =~ -XX:\+Use[A-Za-z]+GC ]]; then
  # A parallel collector's threads would only take turns with the databases.
  run+=(-XX:+UseSerialGC)
fi
run+=("$program" "$@")
# What a script starts in the background ignores SIGINT, unless it is told not to.
if env --default-signal=INT true 2>/dev/null; then
  run=(env --default-signal=INT "${run[@]}")
fi
exec "${run[@]}"
