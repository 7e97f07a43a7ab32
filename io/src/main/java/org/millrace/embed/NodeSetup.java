package org.millrace.embed;

/** What a program asks of its node beside the options of redis.conf. */
final class NodeSetup
{
    final MillraceListener listener;
    final long openTimeoutMs;
    final long closeTimeoutMs;
    final int writeBufferLength;
    final boolean isSavedOnClose;
    final boolean isClosedOnExit;

    NodeSetup(
        final MillraceListener listener,
        final long openTimeoutMs,
        final long closeTimeoutMs,
        final int writeBufferLength,
        final boolean isSavedOnClose,
        final boolean isClosedOnExit)
    {
        this.listener = listener;
        this.openTimeoutMs = openTimeoutMs;
        this.closeTimeoutMs = closeTimeoutMs;
        this.writeBufferLength = writeBufferLength;
        this.isSavedOnClose = isSavedOnClose;
        this.isClosedOnExit = isClosedOnExit;
    }
}
