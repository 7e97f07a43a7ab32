package org.millrace.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The order of a module's packages, which its sources are held to: a package may use itself and those that stand before
 * it. Sources are those below {@code src/main/java} of the directory that the tests run in.
 */
public final class PackageOrder
{
    private static final Path SOURCES = Path.of("src/main/java");

    /** Comments, texts, and where a file says what package it is in: no uses. */
    private static final Pattern NO_USE = Pattern.compile(
        "/\\*.*?\\*/|//[^\n]*|\"(?:\\\\.|[^\"\\\\\n])*\"|\\bpackage [^;]*;", Pattern.DOTALL);

    private final String root;
    private final List<String> order;
    private final Pattern use;

    /**
     * @param root  package that all names are counted from.
     * @param order names of packages, the one that may use nothing else first.
     */
    public PackageOrder(final String root, final List<String> order)
    {
        this.root = root;
        this.order = List.copyOf(order);
        use = Pattern.compile("\\b" + Pattern.quote(root) + "\\.([a-z]\\w*(?:\\.[a-z]\\w*)*)\\.");
    }

    /**
     * What is not as it should be; empty if all is.
     *
     * @param strangers pairs of packages of which neither may use the other, those within them included.
     * @param others    beginnings of names that are another module's, which may be used at will.
     */
    public List<String> violations(final List<List<String>> strangers, final String... others) throws IOException
    {
        final List<String> violations = new ArrayList<>();
        for (final Path file : files())
        {
            final String user = name(file);
            final Matcher matcher = use.matcher(NO_USE.matcher(Files.readString(file)).replaceAll(""));
            while (matcher.find())
            {
                final String used = matcher.group(1);
                final boolean isOther = Stream.of(others).anyMatch((other) -> isWithin(used, other));
                if (!isOther && (!isBefore(used, user) || areStrangers(strangers, user, used)))
                {
                    violations.add(file + " uses " + used);
                }
            }
        }

        return violations;
    }

    /** Packages without a doc. */
    public List<String> undocumented()
    {
        return order.stream().filter((name) -> !Files.exists(directory(name).resolve("package-info.java"))).toList();
    }

    /** The module's files, so that more can be held than an order. */
    public List<Path> files() throws IOException
    {
        try (Stream<Path> files = Files.walk(SOURCES))
        {
            return files.filter((file) -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private boolean isBefore(final String used, final String user)
    {
        return order.contains(used) && (order.contains(user) && order.indexOf(used) <= order.indexOf(user));
    }

    private static boolean areStrangers(
        final List<List<String>> strangers, final String one, final String other)
    {
        return strangers.stream().anyMatch(
            (pair) -> isWithin(one, pair.get(0)) && isWithin(other, pair.get(1)) ||
                isWithin(one, pair.get(1)) && isWithin(other, pair.get(0)));
    }

    /** True for the package itself and those within. */
    private static boolean isWithin(final String name, final String outer)
    {
        return name.equals(outer) || name.startsWith(outer + '.');
    }

    private String name(final Path file)
    {
        return directory("").relativize(file.getParent()).toString().replace('/', '.');
    }

    private Path directory(final String name)
    {
        return SOURCES.resolve(root.replace('.', '/')).resolve(name.replace('.', '/'));
    }
}
