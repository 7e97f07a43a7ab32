package org.millrace.engine.script;

/** A script that is known by its digest, compiled if it was used lately: {@link ScriptQueue}. */
final class CachedScript
{
    /** Bytes of the objects around the text, about: digest, name, this, its place in the map. */
    private static final int OVERHEAD = 256;

    /** Bytes of what is compiled, about: some for any, and so many for a byte of the text. */
    private static final int COMPILED_OVERHEAD = 512;
    private static final int COMPILED_FACTOR = 16;

    private final byte[] digest;
    private final long first;
    private final String name;
    private final byte[] source;
    private final ScriptHead head;
    private ScriptFunction function;

    /** Another one whose digest begins in the same way; null if there is none. */
    CachedScript next;

    /** Of {@link ScriptQueue}, which it is in. */
    ScriptQueue queue;
    CachedScript older;
    CachedScript newer;

    CachedScript(final Sha1 sha1, final byte[] source, final ScriptHead head, final ScriptFunction function)
    {
        digest = sha1.copy();
        first = sha1.first();
        name = sha1.text();
        this.source = source;
        this.head = head;
        this.function = function;
    }

    byte[] digest()
    {
        return digest;
    }

    /** {@link Sha1#first} of its digest. */
    long first()
    {
        return first;
    }

    /** Its digest as 40 hexadecimal digits in lower case. */
    String name()
    {
        return name;
    }

    byte[] source()
    {
        return source;
    }

    /** Where the code begins behind what the source says of itself. */
    int from()
    {
        return head.from();
    }

    /** Null if it has to be compiled again. */
    ScriptFunction function()
    {
        return function;
    }

    void function(final ScriptFunction value)
    {
        function = value;
    }

    /** Bits of {@link ScriptFlags}, or {@link ScriptHead#UNFLAGGED}. */
    int flags()
    {
        return head.flags();
    }

    boolean isFlagged()
    {
        return ScriptHead.UNFLAGGED != head.flags();
    }

    /** Heap that it takes while it is not compiled. */
    long textBytes()
    {
        return textBytes(source);
    }

    /** The same, of one that would be made of this source. */
    static long textBytes(final byte[] source)
    {
        return OVERHEAD + (long)source.length;
    }

    /** Heap that it takes beside, while it is. */
    long compiledBytes()
    {
        return COMPILED_OVERHEAD + (long)COMPILED_FACTOR * source.length;
    }
}
