package org.millrace.engine.transport;

/** The one place that writes a host and a port as one text: an IPv6 address stands in brackets. */
public final class AddressFormat
{
    private AddressFormat()
    {
    }

    /** {@code 127.0.0.1:6379}, {@code [::1]:6379}, {@code name:6379}. */
    public static String of(final String host, final int port)
    {
        return of(host, Integer.toString(port));
    }

    /** As {@link #of(String, int)}, for a port that may be unknown. */
    public static String of(final String host, final String port)
    {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** A path may have colons too. */
    static String of(final Connection connection, final String host, final int port)
    {
        return connection.isUnix() ? host + ":0" : of(host, port);
    }
}
