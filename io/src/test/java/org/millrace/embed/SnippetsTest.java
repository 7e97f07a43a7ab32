package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.io.SourceTree;

/**
 * The Java code in README and docs compiles and runs as it stands there, but for paths and the port of the primary, which
 * are the test's; it prints what its comments say. The other lines that are to be copied are those that the build has.
 */
@Timeout(120)
class SnippetsTest
{
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern PATH = Pattern.compile("Path\\.of\\(\"([^\"]*)\"\\)");
    private static final Pattern PRINTS = Pattern.compile("(?m)// prints: (.*)$");
    private static final String REDIS_PORT = "6379";

    private static final String IMPORTS = """
        import static java.nio.charset.StandardCharsets.UTF_8;
        import java.nio.file.Path;
        import java.time.Duration;
        import org.agrona.concurrent.UnsafeBuffer;
        import org.millrace.embed.*;
        import org.slf4j.LoggerFactory;
        """;

    @TempDir
    private Path directory;

    /** A fenced block: where it is and what it is. */
    record Snippet(String file, int number, String language, String text)
    {
        @Override
        public String toString()
        {
            return file + " " + number;
        }
    }

    private static List<Snippet> all() throws IOException
    {
        final List<Snippet> snippets = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(SourceTree.root().resolve("docs")))
        {
            for (final Path file : Stream.concat(Stream.of(SourceTree.root().resolve("README.md")), docs)
                .filter((path) -> path.toString().endsWith(".md")).sorted().toList())
            {
                final Matcher matcher = FENCE.matcher(Files.readString(file));
                for (int number = 1; matcher.find(); number++)
                {
                    snippets.add(
                        new Snippet(SourceTree.root().relativize(file).toString(), number, matcher.group(1),
                            matcher.group(2)));
                }
            }
        }

        return snippets;
    }

    static List<Snippet> java() throws IOException
    {
        return all().stream().filter((snippet) -> "java".equals(snippet.language)).toList();
    }

    @Test
    void shouldFindThem() throws IOException
    {
        assertEquals(List.of("README.md", "docs/EMBEDDING.md"), java().stream().map(Snippet::file).distinct().sorted()
            .toList());
    }

    @ParameterizedTest
    @MethodSource("java")
    void shouldCompileAndRun(final Snippet snippet) throws Exception
    {
        try (MillraceNode primary = MillraceNode.builder().directory(directory.resolve("primary"))
            .port(MillraceNode.ANY_PORT).option("logfile", "log.txt").option("repl-diskless-sync-delay", "0").open())
        {
            primary.command("SET", "greeting", "hello").join();
            compile(snippet.text.replace(REDIS_PORT, Integer.toString(primary.port())));

            final String output = run();

            // Nodes without a log of their own write to the process's standard output, past System.out.
            assertEquals(
                PRINTS.matcher(snippet.text).results().map((line) -> line.group(1)).toList(), output.lines().toList());
        }
    }

    private void compile(final String code) throws IOException
    {
        final String local = PATH.matcher(code).replaceAll((path) -> Matcher.quoteReplacement(
            "Path.of(\"" + directory.resolve("files").resolve(path.group(1).replaceAll("^/+", "")) + "\")"));
        final Path source = directory.resolve("Snippet.java");
        Files.writeString(
            source, IMPORTS + "public class Snippet { public static void main(String[] args) throws Exception {\n" +
                local + "\n} }\n");
        final OutputStream errors = new ByteArrayOutputStream();
        final int result = ToolProvider.getSystemJavaCompiler().run(
            null, errors, errors, "-Xlint:all,-options,-processing,-path", "-Werror", "-proc:none", "-cp",
            System.getProperty("java.class.path"),
            "-d", directory.toString(), source.toString());
        assertEquals(0, result, errors.toString());
    }

    private String run() throws Exception
    {
        final PrintStream standardOutput = System.out;
        final ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[]{directory.toUri().toURL()}))
        {
            System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
            loader.loadClass("Snippet").getMethod("main", String[].class).invoke(null, (Object)new String[0]);
        }
        catch (final InvocationTargetException e)
        {
            throw new IllegalStateException("the snippet has failed: " + e.getCause(), e.getCause());
        }
        finally
        {
            System.setOut(standardOutput);
        }

        return output.toString(StandardCharsets.UTF_8);
    }

    /** In a process of its own, without flags: the lines of the manifest are enough. */
    @Test
    void shouldRunFromAJarWithTheManifest() throws Exception
    {
        compile(java().get(0).text.split("(?m)^}\\n\\n")[0] + "}\n");
        final String lines = all().stream().filter((snippet) -> "manifest".equals(snippet.language)).findFirst()
            .orElseThrow().text;
        final Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Main-Class", "Snippet");
        manifest.getMainAttributes().putValue("Class-Path", classPath());
        lines.lines()
            .forEach((line) -> manifest.getMainAttributes().putValue(line.split(": ")[0], line.split(": ")[1]));
        final Path jar = directory.resolve("fat.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest))
        {
            out.putNextEntry(new ZipEntry("Snippet.class"));
            Files.copy(directory.resolve("Snippet.class"), out);
        }

        final Path output = directory.resolve("output");
        final Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-jar",
            jar.toString())
            .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        final String text = Files.readString(output);
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.lines().anyMatch("hello"::equals), text);
    }

    private static String classPath()
    {
        final StringBuilder urls = new StringBuilder();
        for (final String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        {
            urls.append(Path.of(entry).toUri()).append(' ');
        }

        return urls.toString().strip();
    }

    @Test
    void shouldNameTheFlagsThatTheBuildUses() throws IOException
    {
        final String flags = Files.readString(SourceTree.root().resolve("config/jvm.args"));

        assertTrue(all().stream().anyMatch((snippet) -> flags.equals(snippet.text)), flags);
    }

    @Test
    void shouldNameTheCoordinatesOfTheBuild() throws IOException
    {
        final Matcher version = Pattern.compile("<version>(.*?)</version>")
            .matcher(Files.readString(SourceTree.root().resolve("pom.xml")));
        assertTrue(version.find());
        final String expected = "<groupId>org.millrace</groupId>\n    <artifactId>millrace-io</artifactId>\n    <version>" +
            version.group(1) + "</version>";

        assertTrue(all().stream().anyMatch((each) -> "xml".equals(each.language) && each.text.contains(expected)),
            expected);
    }
}
