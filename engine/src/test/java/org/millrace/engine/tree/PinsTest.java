package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.engine.base.InvariantError;
import org.millrace.engine.memory.Memory;

class PinsTest
{
    private final Pins pins = new Pins();

    @Test
    void shouldChangeAllWhileNoPinIsOpen()
    {
        final long generation = pins.stamp();
        assertTrue(pins.mayChange(generation));
        final long pin = pins.open();
        assertFalse(pins.mayChange(generation));
        assertTrue(pins.mayChange(pins.stamp()));
        pins.close(pin);
        assertTrue(pins.mayChange(generation));
    }

    @Test
    void shouldShareANumberUnlessANodeWasMadeBetween()
    {
        pins.stamp();
        final long first = pins.open();
        assertEquals(first, pins.open());
        pins.stamp();
        final long third = pins.open();
        assertEquals(first + 1, third);
        pins.close(first);
        pins.close(third);
        assertEquals(first, pins.youngest());
        pins.close(first);
        assertEquals(0, pins.youngest());
    }

    @Test
    void shouldRefuseToCloseWhatIsNotOpen()
    {
        final long pin = pins.open();
        pins.close(pin);
        assertThrows(InvariantError.class, () -> pins.close(pin));
    }

    /** A node may change if and only if no open pin was opened after it was made. */
    @Test
    void shouldEqualAListOfPinsInAnyOrder()
    {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final List<long[]> open = new ArrayList<>();
        final List<long[]> made = new ArrayList<>();
        final long node = Memory.reserve(Node.HEADER_LENGTH);
        for (int time = 1; time < 3_000; time++)
        {
            final int choice = random.nextInt(3);
            if (0 == choice)
            {
                made.add(new long[]{time, pins.stamp()});
            }
            else if (1 == choice && open.size() < 20)
            {
                open.add(new long[]{time, pins.open()});
            }
            else if (!open.isEmpty())
            {
                pins.close(open.remove(random.nextInt(open.size()))[1]);
            }

            final long last = open.stream().mapToLong((pin) -> pin[0]).max().orElse(0);
            for (int i = Math.max(0, made.size() - 50); i < made.size(); i++)
            {
                final boolean isExpected = made.get(i)[0] > last;
                Node.init(node, 0, 0xFF, made.get(i)[1], Node.HEADER_LENGTH);
                assertEquals(isExpected, pins.mayChange(made.get(i)[1]), "seed " + seed);
                assertEquals(isExpected, pins.mayChangeNode(node), "seed " + seed);
            }
        }

        Memory.release(node);
    }
}
