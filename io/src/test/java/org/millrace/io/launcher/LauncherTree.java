package org.millrace.io.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.millrace.io.SourceTree;

/**
 * A source tree for tests of the launcher: the real scripts, hardly any sources, and beside it a Maven and a JDK that
 * only write down that they were called.
 */
final class LauncherTree
{
    private static final long LIMIT_S = 60;
    private static final String[] MODULES = {"kit", "engine", "io", "bench", "jmh"};
    private static final String RUNTIME_JARS = "^(agrona|chronicle|posix|jnr|jffi|asm|slf4j).*\\.jar$";

    /** What a launcher printed, and its exit code. */
    record Run(int code, String out, String err)
    {
        List<String> errLines()
        {
            return err.lines().toList();
        }
    }

    private final Map<String, String> environment = new HashMap<>();
    private final Path top;
    private final Path home;
    private final Path maven;

    private LauncherTree(final Path top, final Path home)
    {
        this.top = top;
        this.home = home;
        maven = top.resolve("maven/mvn");
    }

    /** A tree called {@code name} in {@code top} that was never built. */
    static LauncherTree create(final Path top, final String name) throws IOException
    {
        // The directories of tests are closed to other users.
        Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
        final LauncherTree tree = new LauncherTree(top, Files.createDirectories(top.resolve(name)));
        final Path root = SourceTree.root();
        Files.createDirectories(tree.home.resolve("config"));
        for (final String file : List.of("millrace", "pom.xml", "LICENSE", "config/launcher-build.sh",
            "config/jvm.args", "config/millrace.conf"))
        {
            Files.copy(root.resolve(file), tree.home.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }

        for (final String module : MODULES)
        {
            Files.createDirectories(tree.home.resolve(module).resolve("src/main"));
            Files.createDirectories(tree.home.resolve(module).resolve("target/classes"));
            Files.createFile(tree.home.resolve(module).resolve("pom.xml"));
        }

        tree.addTools();
        return tree;
    }

    /** Puts the jars of a build into it, which do run on a real JDK, newer than all sources. */
    LauncherTree built() throws IOException
    {
        final Path lib = Files.createDirectories(home.resolve("target/launcher/lib"));
        final StringBuilder names = new StringBuilder("Class-Path: \n");
        for (final String entry : System.getProperty("java.class.path").split(":"))
        {
            final Path path = Path.of(entry);
            final String name = path.getFileName().toString();
            if (path.toString().contains("engine/target/"))
            {
                pack(path, lib.resolve("millrace-engine.jar"), null);
                names.append("  millrace-engine.jar\n");
            }
            else if (name.matches(RUNTIME_JARS))
            {
                Files.copy(path, lib.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                names.append("  ").append(name).append('\n');
                unpackNative(path, lib);
            }
        }

        final Path manifest = Files.writeString(top.resolve("manifest"), names);
        pack(SourceTree.root().resolve("io/target/classes"), lib.resolve("millrace-io.jar"), manifest);
        for (final String jar : List.of("millrace-kit.jar", "millrace-bench.jar"))
        {
            pack(Files.createDirectories(top.resolve("empty")), lib.resolve(jar), null);
        }

        stamp();
        return this;
    }

    /** As the build does it: what a jar has in jni, if anything, lies beside it as well. */
    private static void unpackNative(final Path jar, final Path lib) throws IOException
    {
        try (ZipFile zip = new ZipFile(jar.toFile()))
        {
            for (final ZipEntry entry : Collections.list(zip.entries()))
            {
                if (entry.getName().startsWith("jni/") && !entry.isDirectory())
                {
                    final Path file = lib.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(zip.getInputStream(entry), file);
                }
            }
        }
    }

    /** As a build leaves it, but with jars that run on the JDK of the tests only in name. */
    LauncherTree seeminglyBuilt() throws IOException
    {
        final Path lib = Files.createDirectories(home.resolve("target/launcher/lib"));
        Files.createFile(lib.resolve("millrace-io.jar"));
        Files.createFile(lib.resolve("millrace-bench.jar"));
        stamp();
        return this;
    }

    /** Makes a source newer than the build. */
    void touchSource() throws IOException
    {
        Files.setLastModifiedTime(
            home.resolve("io/src/main"),
            FileTime.fromMillis(System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1)));
    }

    Path home()
    {
        return home;
    }

    Path launcher()
    {
        return home.resolve("millrace");
    }

    /** The JDK that prints its arguments. */
    Path jdk()
    {
        return top.resolve("jdk");
    }

    /** How often Maven has been called to build. */
    long buildCount() throws IOException
    {
        final Path log = top.resolve("maven/log");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    /** What Maven does after it has written down that it was called. */
    void mavenDoes(final String commands) throws IOException
    {
        script(maven, "[ \"$1\" = -v ] && { echo 'Apache Maven 3.9.9 (x)'; exit; }\necho called >> '" +
            top.resolve("maven/log") + "'\n" + commands);
    }

    /** Sets an environment variable for later runs; null takes it away. */
    LauncherTree with(final String name, final String value)
    {
        environment.put(name, value);
        return this;
    }

    Run run(final Path launcher, final String... arguments) throws IOException
    {
        return run(start(launcher, arguments));
    }

    Run run(final Process process) throws IOException
    {
        try
        {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
                throw new AssertionError("the launcher still runs after " + LIMIT_S + " s");
            }
        }
        catch (final InterruptedException e)
        {
            throw new AssertionError(e);
        }

        return new Run(
            process.exitValue(),
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
            new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    Process start(final Path launcher, final String... arguments) throws IOException
    {
        return start(List.of(), launcher, arguments);
    }

    /** As a user who owns nothing here; only root can do that. */
    Process startAsOther(final Path launcher, final String... arguments) throws IOException
    {
        return start(
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"),
            launcher,
            arguments);
    }

    private Process start(final List<String> prefix, final Path launcher, final String... arguments) throws IOException
    {
        final List<String> command = new ArrayList<>(prefix);
        command.add(launcher.toString());
        command.addAll(Arrays.asList(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command).directory(top.toFile());
        final Map<String, String> variables = builder.environment();
        variables.keySet().removeIf((name) -> name.startsWith("MILLRACE_") || name.startsWith("LC_"));
        variables.put("PATH", maven.getParent() + ":" + variables.get("PATH"));
        variables.put("JAVA_HOME", jdk().toString());
        environment.forEach((name, value) ->
        {
            if (null == value)
            {
                variables.remove(name);
            }
            else
            {
                variables.put(name, value);
            }
        });
        return builder.start();
    }

    /** True where a process may be given to another user. */
    static boolean canBeOther()
    {
        return "root".equals(System.getProperty("user.name")) && Files.isExecutable(Path.of("/usr/bin/setpriv"));
    }

    private void addTools() throws IOException
    {
        mavenDoes(
            "mkdir -p io/target/dependency bench/target/dependency\n" +
                "touch io/target/dependency/a.jar bench/target/dependency/b.jar");
        Files.createDirectories(jdk().resolve("bin"));
        Files.writeString(jdk().resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.1\"\n");
        script(jdk().resolve("bin/java"), "for word; do echo \"<$word>\"; done");
        script(jdk().resolve("bin/javac"), "exit 1");
        script(jdk().resolve("bin/jar"), "while [ \"$1\" != --file ]; do shift; done; touch \"$2\"");
    }

    private void stamp() throws IOException
    {
        final Path stamp = Files.createFile(home.resolve("target/launcher/classes"));
        Files.setLastModifiedTime(
            stamp,
            FileTime.fromMillis(System.currentTimeMillis() + TimeUnit.MINUTES.toMillis(1)));
    }

    private static void script(final Path file, final String commands) throws IOException
    {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The classes of a directory, or a jar as it is. */
    private static void pack(final Path classes, final Path jar, final Path manifest) throws IOException
    {
        if (!Files.isDirectory(classes))
        {
            Files.copy(classes, jar, StandardCopyOption.COPY_ATTRIBUTES);
            return;
        }

        final List<String> arguments = new ArrayList<>(List.of("--create", "--no-compress", "--file", jar.toString()));
        if (null != manifest)
        {
            arguments.addAll(List.of("--manifest", manifest.toString()));
        }

        arguments.addAll(List.of("-C", classes.toString(), "."));
        final int code = ToolProvider.findFirst("jar").orElseThrow()
            .run(System.out, System.err, arguments.toArray(new String[0]));
        if (0 != code)
        {
            throw new IOException("jar: exit code " + code);
        }
    }

    /** All files below {@code directory} get these permissions. */
    static void makeReadOnly(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            files.filter(Files::isDirectory).forEach(LauncherTree::close);
        }
    }

    private static void close(final Path directory)
    {
        try
        {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
