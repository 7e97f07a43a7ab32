package org.millrace.bench.gate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Moves a stack map, the verifier's notes on a method's code, by {@link MethodEntryPatch#INSERTED_LENGTH} bytes. Places
 * are given as distances from the frame before, so only the first frame changes, and with it perhaps its form: the
 * short ones hold distances up to 63. Objects not yet initialised are named by an absolute place.
 */
final class StackMapPatch
{
    private static final int SHORT_MAX = 63;
    private static final int SAME_ONE_ITEM = 64;
    private static final int SAME_ONE_ITEM_LONG = 247;
    private static final int SAME_LONG = 251;
    private static final int FULL = 255;
    private static final int TYPE_OBJECT = 7;
    private static final int TYPE_UNINITIALIZED = 8;

    private final DataInputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private StackMapPatch(final byte[] attribute)
    {
        in = new DataInputStream(new ByteArrayInputStream(attribute));
    }

    /** The moved attribute. */
    static byte[] apply(final byte[] attribute) throws IOException
    {
        final StackMapPatch patch = new StackMapPatch(attribute);
        final int count = patch.in.readUnsignedShort();
        patch.out.writeShort(count);
        for (int i = 0; i < count; i++)
        {
            patch.frame(0 == i ? MethodEntryPatch.INSERTED_LENGTH : 0);
        }

        return patch.bytes.toByteArray();
    }

    private void frame(final int shift) throws IOException
    {
        final int form = in.readUnsignedByte();
        if (form < SAME_ONE_ITEM)
        {
            head(form + shift, 0, SAME_LONG);
        }
        else if (form < 2 * SAME_ONE_ITEM)
        {
            head(form - SAME_ONE_ITEM + shift, SAME_ONE_ITEM, SAME_ONE_ITEM_LONG);
            type();
        }
        else
        {
            out.writeByte(form);
            out.writeShort(in.readUnsignedShort() + shift);
            if (FULL == form)
            {
                types(copyShort());
                types(copyShort());
            }
            else
            {
                // One item on the stack, or as many more locals as the form is above "same".
                types(SAME_ONE_ITEM_LONG == form ? 1 : Math.max(0, form - SAME_LONG));
            }
        }
    }

    private void head(final int distance, final int shortForm, final int longForm) throws IOException
    {
        if (distance <= SHORT_MAX)
        {
            out.writeByte(shortForm + distance);
        }
        else
        {
            out.writeByte(longForm);
            out.writeShort(distance);
        }
    }

    private void types(final int count) throws IOException
    {
        for (int i = 0; i < count; i++)
        {
            type();
        }
    }

    private void type() throws IOException
    {
        final int tag = in.readUnsignedByte();
        out.writeByte(tag);
        if (TYPE_OBJECT == tag)
        {
            copyShort();
        }
        else if (TYPE_UNINITIALIZED == tag)
        {
            out.writeShort(in.readUnsignedShort() + MethodEntryPatch.INSERTED_LENGTH);
        }
    }

    private int copyShort() throws IOException
    {
        final int value = in.readUnsignedShort();
        out.writeShort(value);
        return value;
    }
}
