package org.millrace.bench.main;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import org.millrace.bench.cli.UsageException;

/**
 * A server as named on the command line: {@code [redis://][[user]:password@][host:]port}. In the form of a URL what
 * stands before the host is percent-encoded, as redis-cli reads it. Immutable.
 *
 * @param host     name or address.
 * @param port     from 1 to 65535.
 * @param user     name to log in with, null for the default user.
 * @param password null for none.
 */
record ServerAddress(String host, int port, String user, String password)
{
    private static final String HERE = "127.0.0.1";
    private static final String URL_PREFIX = "redis://";
    private static final int PORT_USUAL = 6379;
    private static final int PORT_MAX = 65_535;

    /**
     * Reads an address.
     *
     * @throws UsageException with a text for the user, in which there is no password.
     */
    static ServerAddress parse(final String text)
    {
        if (text.startsWith("rediss://"))
        {
            throw new UsageException("TLS is not supported: rediss://");
        }

        final boolean isUrl = text.startsWith(URL_PREFIX);
        final String rest = isUrl ? text.substring(URL_PREFIX.length()).replaceFirst("/$", "") : text;
        final int at = rest.lastIndexOf('@');
        final String place = rest.substring(at + 1);
        String user = null;
        String password = null;
        if (at >= 0)
        {
            final String login = rest.substring(0, at);
            final int colon = login.indexOf(':');
            if (colon < 0)
            {
                throw new UsageException("before the @ of " + place + " user:password or :password is needed");
            }

            user = 0 == colon ? null : decoded(login.substring(0, colon), isUrl);
            password = decoded(login.substring(colon + 1), isUrl);
        }

        final int colon = place.lastIndexOf(':');
        final boolean isHostAlone = isUrl && (colon < 0 || place.endsWith("]"));
        final String host = isHostAlone ? place : colon <= 0 ? HERE : place.substring(0, colon);
        final int port = isHostAlone ? PORT_USUAL : port(place.substring(colon + 1));
        if (port < 1 || port > PORT_MAX || host.isEmpty())
        {
            throw new UsageException("not a host:port: " + place);
        }

        return new ServerAddress(host.replaceAll("^\\[(.*)]$", "$1"), port, user, password);
    }

    /** The same with a login where it has none. */
    ServerAddress withLogin(final String otherUser, final String otherPassword)
    {
        return null == password ? new ServerAddress(host, port, otherUser, otherPassword) : this;
    }

    /** Host and port; never the password. */
    @Override
    public String toString()
    {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static int port(final String text)
    {
        try
        {
            return Integer.parseInt(text);
        }
        catch (final NumberFormatException ignored)
        {
            return -1;
        }
    }

    private static String decoded(final String text, final boolean isUrl)
    {
        // A plus sign is itself here; only forms on web pages write a blank so.
        try
        {
            return isUrl ? URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8) : text;
        }
        catch (final IllegalArgumentException ignored)
        {
            throw new UsageException("a login in a URL has % only before two hexadecimal digits");
        }
    }
}
