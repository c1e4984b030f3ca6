# SPDX-License-Identifier: Apache-2.0
# Finds a JDK 25, builds what is stale, fetches what Maven Central has.

EAR="$HOME_DIR/ear/target/dozo.ear"
TOOLS_LIB="$HOME_DIR/ejb/target/migration"

java_release() { "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1; }

# find_java: sets and exports JAVA_HOME to a JDK of release 25 or newer.
find_java() {
  local candidate release
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* /opt/java/* "$HOME"/.sdkman/candidates/java/* \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /none/none)")")")"; do
    if [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ]; then
      release=$(java_release "$candidate")
      if [ "${release:-0}" -ge 25 ]; then
        export JAVA_HOME=$candidate
        return 0
      fi
    fi
  done
  fail "no JDK 25 found (looked at JAVA_HOME, /usr/lib/jvm, /opt and the PATH). Install one, e.g. the package temurin-25-jdk, or set JAVA_HOME."
}

maven() { (cd "$HOME_DIR" && mvn -q -B "$@"); }

version_of() { sed -n "s|.*<$1.version>\(.*\)</$1.version>.*|\1|p" "$HOME_DIR/pom.xml"; }

is_stale() {
  [ ! -f "$EAR" ] || [ ! -d "$TOOLS_LIB" ] ||
    [ -n "$(find "$HOME_DIR"/pom.xml "$HOME_DIR"/*/pom.xml "$HOME_DIR"/{jca-dicom,ejb,web,ear}/src/main -newer "$EAR" -print -quit 2>/dev/null)" ]
}

build() {
  find_java
  is_stale || return 0
  need mvn maven
  step "Building Dozo" "the build failed; see above" \
    maven -Dmaven.test.skip=true -Dspotless.check.skip=true package
  touch "$EAR"
}

# fetch_artifact G:A:V:TYPE DIRECTORY
fetch_artifact() {
  need mvn maven
  maven org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -Dartifact="$1" -DoutputDirectory="$2" -Dmdep.useBaseVersion=true
}
