package org.millrace.io.net;

import java.nio.channels.SocketChannel;

/** The number that CLIENT LIST shows as fd: only a label, so the channel's identity does. */
final class FileDescriptors
{
    private FileDescriptors()
    {
    }

    /** A small number that stays with the channel; the JDK does not give the descriptor away. */
    static int of(final SocketChannel channel)
    {
        return System.identityHashCode(channel) & 0xFFFF;
    }
}
