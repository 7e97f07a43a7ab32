package org.millrace.io.net;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Numeric addresses as inet_ntop prints them: the JDK writes {@code 0:0:0:0:0:0:0:1} where everybody says ::1. */
final class AddressText
{
    private static final int GROUPS = 8;

    private AddressText()
    {
    }

    /** Dotted for IPv4 and for IPv4 mapped into IPv6, the short form of RFC 5952 for IPv6; no scope. */
    static String of(final InetAddress address)
    {
        return address instanceof Inet6Address ? ofIpv6(address.getAddress()) : address.getHostAddress();
    }

    private static String ofIpv6(final byte[] bytes)
    {
        int longest = -1;
        int longestLength = 1;
        for (int i = 0; i < GROUPS; i++)
        {
            final int length = zeros(bytes, i);
            if (length > longestLength)
            {
                longest = i;
                longestLength = length;
            }
        }

        final StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++)
        {
            if (i == longest)
            {
                text.append("::");
                i += longestLength - 1;
                continue;
            }

            if (text.length() > 0 && ':' != text.charAt(text.length() - 1))
            {
                text.append(':');
            }

            text.append(Integer.toHexString(group(bytes, i)));
        }

        return text.toString();
    }

    private static int zeros(final byte[] bytes, final int start)
    {
        int end = start;
        while (end < GROUPS && 0 == group(bytes, end))
        {
            end++;
        }

        return end - start;
    }

    private static int group(final byte[] bytes, final int i)
    {
        return (bytes[2 * i] & 0xFF) << 8 | bytes[2 * i + 1] & 0xFF;
    }
}
