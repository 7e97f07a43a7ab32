package org.millrace.io.tls;

import java.nio.ByteBuffer;

/**
 * Buffers in which a thread turns bytes into records and back: what is left over after a step is kept by the connection,
 * and most often there is nothing. On the heap, where the JDK's ciphers are quickest.
 */
final class TlsScratch
{
    /** More than the longest record with all that is around it. */
    static final int RECORD_MAX = 17 * 1024;

    private static final int INPUT_BYTES = 8 * RECORD_MAX;
    private static final int OUTPUT_BYTES = 5 * RECORD_MAX;

    private static final ThreadLocal<TlsScratch> OWN = ThreadLocal.withInitial(TlsScratch::new);

    /** Records as they come. */
    final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES);

    /** Records as they go out. */
    final ByteBuffer output = ByteBuffer.allocate(OUTPUT_BYTES);

    /** What a record holds, if there is no room for it where it is to go. */
    final ByteBuffer opened = ByteBuffer.allocate(RECORD_MAX);

    private TlsScratch()
    {
    }

    static TlsScratch own()
    {
        return OWN.get();
    }
}
