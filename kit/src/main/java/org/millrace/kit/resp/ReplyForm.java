package org.millrace.kit.resp;

import java.io.IOException;
import java.util.List;

/**
 * What the values of a reply become when they are read. The first parameter of each method is the type's mark on the
 * wire, such as {@code $}.
 *
 * @param <T> of all values.
 */
public interface ReplyForm<T>
{
    /**
     * A value on one line: status, error, number, truth, RESP3's null.
     *
     * @param text of the line, a character a byte, without mark and end.
     * @throws IOException if it is none.
     */
    T line(char type, String text) throws IOException;

    /**
     * A value whose length is said before it.
     *
     * @param bytes of it; null for RESP2's null.
     */
    T bulk(char type, byte[] bytes) throws IOException;

    /**
     * A value made of others: array, set, push, map, attribute.
     *
     * @param items of it, keys and values of a map in turn; null for RESP2's null.
     */
    T aggregate(char type, List<T> items) throws IOException;
}
