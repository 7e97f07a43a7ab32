package org.millrace.engine.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.millrace.engine.memory.Memory;

/**
 * The first bytes of an image: who made it, in which version of the format.
 *
 * @param version of the format; 0 if none is said.
 * @param error why it cannot; null if it can.
 * @param isUnheld it is sound, but of a kind that this node does not load.
 */
record RdbSignature(int version, String error, boolean isUnheld)
{
    /** @param address of {@link RdbDescriptor#HEADER_LENGTH} bytes. */
    static RdbSignature read(final long address)
    {
        final byte[] bytes = new byte[RdbDescriptor.HEADER_LENGTH];
        Memory.copy(address, bytes, 0, bytes.length);
        final String header = new String(bytes, ISO_8859_1);
        if (header.matches("VALKEY\\d{3}"))
        {
            final int version = Integer.parseInt(header.substring(6));
            return RdbDescriptor.VALKEY_VERSION == version
                ? new RdbSignature(version, null, false)
                : new RdbSignature(version, "Can't handle RDB format version " + version + " of Valkey", true);
        }

        if (!header.startsWith("REDIS"))
        {
            return wrong("wrong signature, this is no RDB data: " + Printable.quote(address, bytes.length));
        }

        if (!header.matches("REDIS\\d{4}"))
        {
            return wrong("wrong signature, no version number: " + Printable.quote(address, bytes.length));
        }

        final int version = Integer.parseInt(header.substring(5));
        return version < 1 || version > RdbDescriptor.VERSION_MAX
            ? new RdbSignature(version, "Can't handle RDB format version " + version, true)
            : new RdbSignature(version, null, false);
    }

    private static RdbSignature wrong(final String error)
    {
        return new RdbSignature(0, error, false);
    }
}
