package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * A ratchet: no method and no file of the main sources of any module is longer than the longest of today, and the
 * many short methods stay the rule. The limits below go downwards only. Who shortens the longest lowers its limit; who
 * meets a limit cuts the method where a comment or a blank line already parts it, or gives the file's second job a
 * class of its own.
 */
final class SourceLengthTest
{
    /** Lines between the braces of the longest method. */
    private static final int METHOD_MAX = 62;

    /** Of a hundred methods one may be longer. */
    private static final int METHOD_P99 = 40;

    /** Half of the methods are not longer. */
    private static final int METHOD_MEDIAN = 3;

    /** Lines of the longest file, head and comments included. */
    private static final int FILE_MAX = 720;

    private static final String RULE = ". The limits of SourceLengthTest go downwards only: split what it names.";

    private record Length(int lines, String name)
    {
        @Override
        public String toString()
        {
            return "\n  " + lines + " " + name;
        }
    }

    @Test
    void shouldHaveNoLongerMethodThanToday() throws IOException
    {
        final List<Length> methods = methods(SourceTree.mainSources());

        assertEquals(
            List.of(),
            methods.stream().filter((method) -> method.lines > METHOD_MAX).toList(),
            "methods of more than " + METHOD_MAX + " lines between their braces" + RULE);
    }

    @Test
    void shouldHaveShortMethodsAsTheRule() throws IOException
    {
        final List<Length> methods = methods(SourceTree.mainSources());

        final int count = methods.size();
        final int median = methods.get(count / 2).lines;
        assertTrue(median <= METHOD_MEDIAN, "half of the methods have up to " + median + " lines" + RULE);
        final int p99 = methods.get(count * 99 / 100).lines;
        assertTrue(p99 <= METHOD_P99, "99 of 100 methods have up to " + p99 + " lines instead of " + METHOD_P99 +
            "; the longer ones:" + methods.subList(count * 99 / 100, count) + RULE);
    }

    @Test
    void shouldHaveNoLongerFileThanToday() throws IOException
    {
        final List<Length> tooLong = new ArrayList<>();
        for (final Path file : SourceTree.mainSources())
        {
            final int lines = Files.readAllLines(file, StandardCharsets.UTF_8).size();
            if (lines > FILE_MAX)
            {
                tooLong.add(new Length(lines, SourceTree.root().relativize(file).toString()));
            }
        }

        assertEquals(List.of(), tooLong, "files of more than " + FILE_MAX + " lines" + RULE);
    }

    /** Also those of anonymous classes and, as part of the method around them, lambdas; shortest first. */
    private static List<Length> methods(final List<Path> files) throws IOException
    {
        final List<Length> methods = new ArrayList<>();
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8))
        {
            final JavacTask task = (JavacTask)compiler.getTask(
                null,
                manager,
                null,
                List.of("-proc:none"),
                null,
                manager.getJavaFileObjectsFromPaths(files));
            final SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (final CompilationUnitTree unit : task.parse())
            {
                new MethodScanner(unit, positions, methods).scan(unit, null);
            }
        }

        methods.sort(Comparator.comparingInt(Length::lines));
        return methods;
    }

    /** Adds each method with a body, wherever it stands. */
    private static final class MethodScanner extends TreeScanner<Void, Void>
    {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Length> found;
        private final LineMap lines;

        MethodScanner(final CompilationUnitTree unit, final SourcePositions positions, final List<Length> found)
        {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
            lines = unit.getLineMap();
        }

        @Override
        public Void visitMethod(final MethodTree method, final Void unused)
        {
            if (null != method.getBody())
            {
                final long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                final long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()) - 1);
                final Path file = Path.of(unit.getSourceFile().toUri());
                found.add(
                    new Length(
                        (int)Math.max(0, last - first - 1),
                        SourceTree.root().relativize(file) + ":" + first + " " + method.getName()));
            }

            return super.visitMethod(method, unused);
        }
    }
}
