package org.millrace.io.file;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.millrace.engine.config.ConfigException;

/**
 * Paths out of configuration text, and the operating system's words for what is wrong with them. Each character of such
 * text is a byte. To the system file names are bytes, but the JDK makes strings of them by the locale, and in the locale
 * {@code C} that loses all that is not ASCII. So no other class makes a path of a string that somebody chose, or a string
 * of a path: paths are made here, by their URI, which has bytes.
 */
public final class HostFiles
{
    private static final boolean IS_POSIX = '/' == File.separatorChar;
    private static final Path ROOT = Path.of("/");
    private static final Path PROCESS_DIRECTORY = Path.of("/proc/self/cwd");
    private static final String DIRECTORY_PROPERTY = "user.dir";
    private static final Path PROCESS_ARGUMENTS = Path.of("/proc/self/cmdline");
    private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7F]");
    private static final int ASCII_MAX = 0x7F;
    private static final char UNKNOWN = '?';
    private static final int HEX = 16;

    private HostFiles()
    {
    }

    /**
     * The path that configuration text names.
     *
     * @throws InvalidPathException if this machine cannot have such a path.
     */
    public static Path path(final String text)
    {
        if (isAscii(text))
        {
            return Path.of(text);
        }

        if (!IS_POSIX)
        {
            return Path.of(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }

        if (text.indexOf('\0') >= 0)
        {
            throw new InvalidPathException(text, "Nul character not allowed");
        }

        final Path absolute = absolutePath(text);
        return '/' == text.charAt(0) ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    private static Path absolutePath(final String text)
    {
        final StringBuilder uri = new StringBuilder("file://");
        boolean isAfterSlash = false;
        for (final byte b : ("/" + text).getBytes(StandardCharsets.ISO_8859_1))
        {
            if ('/' != b)
            {
                final int c = b & 0xFF;
                uri.append('%').append(Character.forDigit(c / HEX, HEX)).append(Character.forDigit(c % HEX, HEX));
            }
            else if (!isAfterSlash)
            {
                uri.append('/');
            }

            isAfterSlash = '/' == b;
        }

        return Path.of(URI.create(uri.toString()));
    }

    /** The reverse of {@link #path}. */
    public static String text(final Path path)
    {
        final String string = path.toString();
        if (isAscii(string))
        {
            return string;
        }

        if (!IS_POSIX)
        {
            return bytesAsText(string);
        }

        final String uri = ROOT.resolve(path).toUri().getRawPath();
        final StringBuilder text = new StringBuilder(uri.length());
        for (int i = path.isAbsolute() ? 0 : 1; i < uri.length(); i++)
        {
            final char c = uri.charAt(i);
            text.append('%' == c ? (char)Integer.parseInt(uri, i + 1, i + 3, HEX) : c);
            i += '%' == c ? 2 : 0;
        }

        // It has looked whether it is a directory.
        final int end = text.length() - 1;
        return '/' == text.charAt(end) ? text.substring(0, end) : text.toString();
    }

    /** A string of the JVM as configuration text: its bytes in UTF-8. */
    public static String bytesAsText(final String string)
    {
        return new String(string.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean isAscii(final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            if (text.charAt(i) > ASCII_MAX)
            {
                return false;
            }
        }

        return true;
    }

    /**
     * For a process of our own: have the JVM's classes that look at the working directory while they are initialised,
     * chronicle-bytes needs one, find a name that they can read. Those that this class makes do not depend on it.
     */
    public static void nameWorkingDirectory()
    {
        try
        {
            Path.of(System.getProperty(DIRECTORY_PROPERTY));
        }
        catch (final InvalidPathException e)
        {
            System.setProperty(DIRECTORY_PROPERTY, "/");
        }
    }

    /** The working directory, absolute. */
    public static Path workingDirectory()
    {
        final Path path = Path.of("").toAbsolutePath();
        try
        {
            return isExact(path.toString()) ? path : PROCESS_DIRECTORY.toRealPath();
        }
        catch (final IOException e)
        {
            return path;
        }
    }

    /** What the JVM was told by the system it may have told us with question marks in it. */
    private static boolean isExact(final String told)
    {
        return isAscii(told) && told.indexOf(UNKNOWN) < 0;
    }

    /** The arguments of the program as configuration text, that is, with the bytes that they were given with. */
    public static String[] arguments(final String[] args)
    {
        final String[] text = new String[args.length];
        boolean isExact = true;
        for (int i = 0; i < args.length; i++)
        {
            isExact &= isExact(args[i]);
            text[i] = bytesAsText(args[i]);
        }

        return isExact ? text : ofProcess(args, text);
    }

    /** The last arguments of the process, if those are the ones. */
    private static String[] ofProcess(final String[] args, final String[] otherwise)
    {
        final String[] all;
        try
        {
            all = new String(Files.readAllBytes(PROCESS_ARGUMENTS), StandardCharsets.ISO_8859_1).split("\0", -1);
        }
        catch (final IOException e)
        {
            return otherwise;
        }

        // What stands behind the last zero is empty.
        final int first = all.length - 1 - args.length;
        for (int i = 0; i < args.length; i++)
        {
            if (first < 0 || isAscii(args[i]) && !args[i].equals(NOT_ASCII.matcher(all[first + i]).replaceAll("?")))
            {
                return otherwise;
            }
        }

        return Arrays.copyOfRange(all, first, first + args.length);
    }

    /** Resolves {@code dir} as entering the directory would: real, present, a directory, and one we may enter. */
    public static String directory(final String current, final String requested) throws ConfigException
    {
        try
        {
            final Path real = path(current).resolve(path(requested)).toRealPath();
            if (!Files.isDirectory(real))
            {
                throw new ConfigException("Not a directory");
            }

            if (!Files.isExecutable(real))
            {
                throw new ConfigException("Permission denied");
            }

            return text(real);
        }
        catch (final IOException ex)
        {
            throw new ConfigException(reason(ex));
        }
        catch (final InvalidPathException ex)
        {
            throw new ConfigException("No such file or directory");
        }
    }

    /** What strerror would say. */
    public static String reason(final IOException ex)
    {
        if (ex instanceof NoSuchFileException)
        {
            return "No such file or directory";
        }

        if (ex instanceof AccessDeniedException)
        {
            return "Permission denied";
        }

        if (ex instanceof NotDirectoryException)
        {
            return "Not a directory";
        }

        if (ex instanceof FileAlreadyExistsException)
        {
            return "File exists";
        }

        final String reason = ex instanceof FileSystemException ? ((FileSystemException)ex).getReason() : null;
        return null == reason ? String.valueOf(ex.getMessage()) : reason;
    }
}
