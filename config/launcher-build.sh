# shellcheck shell=sh disable=SC2154
# The part of the launcher that needs the sources: it builds with Maven, and makes trees that run without. Read by
# ../millrace, whose names it uses.
#
# Beside lib/ and archive/, target/launcher then holds
#   classes jmh  stamps: when the last build began
#   build.log    what Maven said last
# A build beside a running server leaves it alone: the server has its jars open.

class_sources="millrace config/launcher-build.sh config/jvm.args pom.xml kit/pom.xml kit/src/main engine/pom.xml engine/src/main
    io/pom.xml io/src/main bench/pom.xml bench/src/main"
jmh_sources="pom.xml engine/pom.xml engine/src/main io/pom.xml io/src/main jmh/pom.xml jmh/src/main"
build_wait_s=600

provide_classes()
{
    # shellcheck disable=SC2086
    provide_product "the server and its tools" "$work/classes" "$bench_jar" build_classes $class_sources
}

provide_jmh()
{
    # shellcheck disable=SC2086
    provide_product "the microbenchmarks" "$work/jmh" "$home/jmh/target/benchmarks.jar" build_jmh $jmh_sources
}

# Brings the product $3, named $1, up to date by $4, if the stamp $2 is older than one of the sources that follow; where
# that cannot be, an older product serves.
provide_product()
{
    what=$1
    stamp=$2
    product=$3
    build=$4
    shift 4
    is_stale "$@" || return 0

    obstacle=
    find_obstacle
    if [ -n "$obstacle" ]; then
        [ -f "$product" ] || fail "nothing is built here, and nothing can be: $obstacle"
        say "sources are newer than what was built, which is run all the same: $obstacle"
        return 0
    fi

    lock_build
    # Another launcher may have built it meanwhile.
    if is_stale "$@"; then
        if [ -f "$product" ]; then
            say "sources are newer: building $what (MILLRACE_BUILD=never runs what is built)"
        else
            say "building $what, which takes a minute"
        fi
        # A source changed during the build must look newer than its result.
        touch "$stamp.new"
        "$build"
        mv "$stamp.new" "$stamp"
    fi
    unlock
}

# True if the product is missing or its stamp is older than a source. Directories count, so that removed files are seen.
is_stale()
{
    [ -f "$stamp" ] && [ -f "$product" ] || return 0
    [ -n "$(cd "$home" && find "$@" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

# Says in obstacle why nothing can be built, if so.
find_obstacle()
{
    case ${MILLRACE_BUILD:-auto} in
        auto) ;;
        never)
            obstacle="MILLRACE_BUILD=never"
            return 0
            ;;
        *) misuse "MILLRACE_BUILD is auto or never, not $MILLRACE_BUILD" ;;
    esac

    for module in . kit engine io bench jmh; do
        written=$home/$module/target
        [ -e "$written" ] || written=$home/$module
        if [ ! -w "$written" ]; then
            obstacle="$(id -un 2>/dev/null || id -u) may not write to $written"
            return 0
        fi
    done
    if [ ! -x "$jdk/bin/javac" ]; then
        obstacle="$jdk has no compiler"
    elif [ ! -x "$home/mvnw" ] && ! command -v mvn >/dev/null 2>&1; then
        obstacle="there is neither mvn nor $home/mvnw"
    fi
}

# Two launchers at once build once.
lock_build()
{
    mkdir -p "$work" || fail "$work cannot be made"
    waited_s=0
    until try_lock "$work"; do
        [ "$waited_s" -gt 0 ] || say "waiting for another build here"
        [ "$waited_s" -lt "$build_wait_s" ] ||
            fail "another build has held $work/lock for $build_wait_s s: end it, or set MILLRACE_BUILD=never"
        waited_s=$((waited_s + 1))
        sleep 1
    done
}

# Sets maven to an installed one that is new enough, else to the wrapper, which fetches one at first use.
find_maven()
{
    release=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\.[0-9]*\).*/\1/p')
    case ${release:-0.0} in
        [012].* | 3.[0-7]) maven=$home/mvnw ;;
        *) maven=mvn ;;
    esac
}

# Runs Maven quietly with the JDK found; what it says is shown only if it fails.
run_maven()
{
    find_maven
    log=$work/build.log
    if ! (cd "$home" && JAVA_HOME=$jdk "$maven" -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true "$@") \
        >"$log" 2>&1
    then
        tail -n 40 "$log" >&2
        if [ -f "$product" ]; then
            fail "the build failed, see $log; MILLRACE_BUILD=never runs what was built before"
        fi
        fail "the build failed, see $log"
    fi
}

# Uncompressed jars beside those they need. Archives of the jars before are of no use any more.
build_classes()
{
    rm -rf "$home/io/target/dependency" "$home/bench/target/dependency" "$work/lib.new"
    run_maven -pl kit,engine,io,bench compile dependency:copy-dependencies -DincludeScope=runtime \
        -DexcludeGroupIds=org.millrace
    mkdir "$work/lib.new"
    cp "$home"/io/target/dependency/*.jar "$work/lib.new/"
    make_jar engine
    # One jar names the others, so that their order stays.
    write_class_path "$work"/lib.new/*.jar
    make_jar io --manifest "$work/manifest"
    cp "$home"/bench/target/dependency/*.jar "$work/lib.new/"
    unpack_native
    make_jar kit
    write_class_path "$work/lib.new/millrace-kit.jar" "$home"/bench/target/dependency/*.jar
    make_jar bench --manifest "$work/manifest"
    rm -rf "${work:?}/lib" "$work/archive" "$work/manifest"
    mv "$work/lib.new" "$work/lib"
}

# Puts the native libraries beside the jar that holds them. Without this each start unpacks one into TMPDIR, and one that
# is killed at that moment, or may not run what lies there, leaves it behind.
unpack_native()
{
    for jar in "$work"/lib.new/jffi-*-native.jar; do
        [ ! -f "$jar" ] || (cd "$work/lib.new" && "$jdk/bin/jar" --extract --file "$jar" jni) ||
            fail "$jar could not be unpacked"
    done
}

# Makes the jar of the module $1, with more options for jar.
make_jar()
{
    module=$1
    shift
    "$jdk/bin/jar" --create --no-compress --file "$work/lib.new/millrace-$module.jar" "$@" \
        -C "$home/$module/target/classes" . || fail "no jar of $module could be made"
}

# Writes a manifest that names the jars given.
write_class_path()
{
    echo "Class-Path: " > "$work/manifest"
    for jar in "$@"; do
        echo "  ${jar##*/}"
    done >> "$work/manifest"
}

build_jmh()
{
    run_maven -pl jmh -am package
}

# Makes the tree $1, or a packed one if it is called so.
make_dist()
{
    number=$(sed -n 's/.*<version>\(.*\)<\/version>.*/\1/p' "$home/pom.xml" | head -n 1)
    commit=$(git -C "$home" rev-parse --short=10 HEAD 2>/dev/null || true)
    case $1 in
        *.tar.gz | *.tgz)
            packed=${1##*/}
            packed=${packed%.tgz}
            packed=${packed%.tar.gz}
            packing=$home/target/dist/packing
            rm -rf "$packing"
            fill_dist "$packing/$packed"
            tar -C "$packing" -czf "$1" "$packed" || fail "$1 could not be written"
            rm -rf "$packing"
            echo "$1 holds $packed, which runs where it is unpacked"
            return 0
            ;;
        '')
            tree=$home/target/dist/millrace-$number
            rm -rf "$tree"
            ;;
        *)
            tree=$1
            if [ -e "$tree" ] || [ -L "$tree" ]; then
                [ -d "$tree" ] || misuse "$tree is not a directory"
                [ -z "$(ls -A "$tree")" ] || misuse "$tree is not empty"
            fi
            ;;
    esac

    fill_dist "$tree"
    # The first start makes the class archive.
    MILLRACE_JVM_OPTS='' "$tree/bin/millrace" server --version >/dev/null || fail "$tree does not run"
    echo "$tree runs by itself, and may be moved: $tree/bin/millrace server $tree/conf/millrace.conf"
}

# Puts what runs into the tree $1, readable by all.
fill_dist()
{
    mkdir -p "$1/bin" "$1/lib" "$1/conf" "$1/archive" || fail "$1 cannot be made"
    {
        cp -p "$home/millrace" "$1/bin/" && cp -Rp "$work"/lib/* "$1/lib/" &&
            cp "$home/config/jvm.args" "$home/config/millrace.conf" "$1/conf/" && cp "$home/LICENSE" "$1/" &&
            echo "$number${commit:+ ($commit)}" > "$1/VERSION" && chmod -R u=rwX,go=rX "$1"
    } || fail "$1 could not be filled"
}
