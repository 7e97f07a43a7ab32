package org.millrace.engine.datatype;

import org.millrace.engine.value.StreamLayout;
import org.millrace.engine.value.StreamName;
import org.millrace.engine.value.StreamPage;
import org.millrace.engine.value.StreamPending;

/**
 * What a stream is given to a {@link ValueBuilder} in, whoever has it: a reader of RDB data, COPY. In this order, each
 * with {@link ValueBuilder#add}:
 * <ol>
 * <li>of each page its id, 16 bytes big-endian, and then the page, which is whole ({@link StreamPage#isWhole});</li>
 * <li>{@link #HEAD_LENGTH} bytes: entries, last id, first id, highest deleted id, entries added, each half of an id and
 * each number 8 bytes little-endian; {@link StreamLayout#UNKNOWN} for the entries added where the form does not tell that
 * and the two ids before it;</li>
 * <li>of each group {@link #GROUP}, its {@link StreamName} and its name, with {@link #GUESSED} for what it has read where
 * the form does not tell; then of each entry pending of it {@link #GIVEN} and its {@link StreamPending}; then of each
 * consumer {@link #CONSUMER}, its {@link StreamName} and its name, and of each entry that it has {@link #OWNED} and the
 * id. Numbers and owners in them mean nothing.</li>
 * </ol>
 */
public final class StreamPieces
{
    /** Bytes of the head. */
    public static final int HEAD_LENGTH = 8 * Long.BYTES;

    /** What a piece behind the head is: its first byte. */
    public static final byte GROUP = 'g';
    public static final byte GIVEN = 'p';
    public static final byte CONSUMER = 'c';
    public static final byte OWNED = 'o';

    /** Entries read by a group: to be told from its last id. */
    public static final long GUESSED = -2;

    private StreamPieces()
    {
    }
}
