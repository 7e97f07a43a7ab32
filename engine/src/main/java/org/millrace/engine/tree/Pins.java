package org.millrace.engine.tree;

import java.util.Arrays;
import org.millrace.engine.base.Check;

/**
 * Numbers that tell who may see a node. Whoever looks at values as they are at one moment, a cut or a view, opens a
 * pin at that moment; each node carries the number in force when it was made. A node not older than the youngest pin
 * that is open is known to nobody but the writer, which may then change it in place. One that is older is copied, with
 * its path, and retired: once per pin, since the copy is young.
 * <pre>
 *   numbers      ... 6     7        8     9 ...
 *   pins open        6              8                a node of 7 must not change, one of 8 may;
 *   nodes        5   6  6  7  7     8  8             once the pin 8 is closed, one of 6 may, one of 5 must not
 * </pre>
 * A pin does not keep memory: its owner holds an epoch as well (a reader that stays, or a cut's queue), which keeps
 * what is retired from being used again. Writer thread. Numbers have 47 bits: one a microsecond lasts four years, and
 * pins with no node made between them share one.
 */
public final class Pins
{
    /** Lowest number; 0 is no pin. */
    public static final long FIRST = 1;

    private static final int CAPACITY_MIN = 8;

    private long current = FIRST;
    private boolean isCurrentUsed;

    /** Numbers of open pins, ascending, with how many opened each. */
    private long[] numbers = new long[CAPACITY_MIN];
    private int[] openings = new int[CAPACITY_MIN];
    private int size;

    /** Lowest first word of a node that may be changed in place, see {@link Node}. */
    private long youngestWord;

    /** What is there now does not change in place until {@link #close}. @return the pin's number. */
    public long open()
    {
        if (isCurrentUsed)
        {
            current++;
            isCurrentUsed = false;
            Check.that(current <= Node.GENERATION_MAX, "pins have run out: number, max", current, Node.GENERATION_MAX);
        }

        if (size > 0 && numbers[size - 1] == current)
        {
            openings[size - 1]++;
            return current;
        }

        if (size == numbers.length)
        {
            numbers = Arrays.copyOf(numbers, 2 * size);
            openings = Arrays.copyOf(openings, 2 * size);
        }

        numbers[size] = current;
        openings[size] = 1;
        size++;
        updateYoungest();
        return current;
    }

    /** Close one pin of this number; in any order. */
    public void close(final long number)
    {
        int index = size - 1;
        while (index >= 0 && numbers[index] != number)
        {
            index--;
        }

        Check.that(index >= 0, "pin is not open: number, open", number, size);
        if (0 == --openings[index])
        {
            size--;
            System.arraycopy(numbers, index + 1, numbers, index, size - index);
            System.arraycopy(openings, index + 1, openings, index, size - index);
            updateYoungest();
        }
    }

    /** The number for a node made now. */
    public long stamp()
    {
        isCurrentUsed = true;
        return current;
    }

    /** Number of the youngest open pin, 0 if none is open. */
    public long youngest()
    {
        return size > 0 ? numbers[size - 1] : 0;
    }

    /** True if something of this number may be changed in place. */
    public boolean mayChange(final long generation)
    {
        return generation >= youngest();
    }

    /** As {@link #mayChange}, of a node by its address: one load, one comparison. */
    public boolean mayChangeNode(final long node)
    {
        return Node.word(node) >= youngestWord;
    }

    private void updateYoungest()
    {
        youngestWord = Node.firstWord(youngest(), 0, 0);
    }
}
