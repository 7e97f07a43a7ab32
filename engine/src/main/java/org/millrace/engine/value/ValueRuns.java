package org.millrace.engine.value;

import java.nio.ByteBuffer;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeRuns;

/**
 * The bytes of a value, one run after the other: for who copies, sends or shows values and need not know how they lie.
 * To be used again and again; for one thread, which keeps the value alive.
 * <pre>{@code
 *   runs.record(type, value);
 *   while (runs.next())
 *   {
 *       // runs.length() bytes at runs.address(); or zeros, if that is 0
 *   }
 * }</pre>
 * A run has at most {@link #LENGTH_MAX} bytes, so that who has to stop in between can.
 */
public final class ValueRuns
{
    /** Bytes of the longest run: a compact value with its length. */
    public static final int LENGTH_MAX = StringLayout.COMPACT_MAX + 5;

    /** Bytes at {@link #small}. */
    public static final int SMALL_LENGTH = 64;

    private final OffHeap memory;
    private final TreeRuns tree;

    /** For what stands nowhere: the count of a large value, the text of a number. Made when it is first needed. */
    private ByteBuffer small;
    private long smallAddress;
    private boolean isTree;

    /** What goes out of a stream behind its pages. Made when it is first needed. */
    private StreamRuns stream;
    private boolean isStream;
    private int streamType = StreamLayout.TYPE;

    /** What goes out of a hash with deadlines. Made when it is first needed. */
    private FieldRuns fields;
    private boolean isFields;
    private long headAddress;
    private long headLength;
    private long string;
    private long at;
    private long end;
    private long address;
    private long length;

    /** @param memory that the values lie in. */
    public ValueRuns(final OffHeap memory)
    {
        this.memory = memory;
        tree = new TreeRuns(memory);
    }

    /** What the values lie in. */
    public OffHeap memory()
    {
        return memory;
    }

    /** All of a value, as it stands in a record of its type behind the key. */
    public void record(final int type, final long value)
    {
        clear();
        ValueLayout.of(type).begin(this, value);
    }

    /** Bytes of a string; the range must lie within it. */
    public void string(final long value, final long offset, final long count)
    {
        Check.that(0 <= offset && 0 <= count && count <= StringLayout.length(value) - offset,
            "range beyond the string: offset, count", offset, count);
        isTree = false;
        isStream = false;
        isFields = false;
        string = value;
        at = offset;
        end = offset + count;
    }

    /** Bytes that lie in one piece. */
    public void range(final long from, final long count)
    {
        clear();
        at = from;
        end = from + count;
    }

    /** The text of an element's string. */
    public void text(final long element)
    {
        clear();
        if (ElementString.isNumber(element))
        {
            headLength = Decimal.format(small(), ElementString.number(element));
            headAddress = small();
        }
        else if (ElementString.isReference(element))
        {
            isTree = true;
            tree.begin(ElementString.root(element), ElementString.textLength(element));
        }
        else
        {
            headLength = ElementString.textLength(element);
            headAddress = ElementString.textAddress(element);
        }
    }

    private void clear()
    {
        isTree = false;
        isStream = false;
        isFields = false;
        headLength = 0;
        string = 0;
        at = 0;
        end = 0;
    }

    /** Memory for {@link #SMALL_LENGTH} bytes that a run may give which stand nowhere else. */
    public long small()
    {
        if (null == small)
        {
            small = ByteBuffer.allocateDirect(SMALL_LENGTH);
            smallAddress = Memory.address(small);
        }

        return smallAddress;
    }

    /** Before the rest an RDB length. */
    void length(final long value)
    {
        headLength = RdbLength.encode(small(), value);
        headAddress = small();
    }

    /** What a tree of elements sends out. */
    void tree(final int root)
    {
        isTree = true;
        tree.begin(root, 0);
    }

    /** In which form streams go out from now on: one of {@link StreamLayout}'s types. */
    public void streamType(final int type)
    {
        streamType = type;
    }

    /** All of a stream: its pages, and what goes out behind them. */
    void stream(final long value, final long pages, final int root)
    {
        length(pages);
        tree(root);
        stream = null == stream ? new StreamRuns(memory) : stream;
        stream.begin(value, streamType);
        isStream = true;
    }

    /** All of a hash with deadlines. */
    void fields(final long value)
    {
        fields = null == fields ? new FieldRuns(memory) : fields;
        fields.begin(value);
        isFields = true;
    }

    /** What comes before the rest. */
    void head(final long headAddress, final long headLength)
    {
        this.headAddress = headAddress;
        this.headLength = headLength;
    }

    /** On to the next run; false if there is none. */
    public boolean next()
    {
        if (headLength > 0)
        {
            address = headAddress;
            length = headLength;
            headLength = 0;
            return true;
        }

        if (isTree && nextOfTree())
        {
            return true;
        }

        if (isStream)
        {
            return nextOfStream();
        }

        if (isFields)
        {
            return nextOfFields();
        }

        if (at == end)
        {
            return false;
        }

        if (0 == string)
        {
            address = at;
            length = Math.min(LENGTH_MAX, end - at);
            at += length;
            return true;
        }

        address = StringLayout.runAddress(memory, string, at);
        length = Math.min(StringLayout.runLength(string, at), end - at);
        at += length;
        return true;
    }

    private boolean nextOfStream()
    {
        isStream = stream.next();
        address = stream.address();
        length = stream.length();
        return isStream;
    }

    private boolean nextOfFields()
    {
        isFields = fields.next();
        address = fields.address();
        length = fields.length();
        return isFields;
    }

    private boolean nextOfTree()
    {
        if (!tree.next())
        {
            isTree = false;
            return false;
        }

        address = tree.address();
        length = tree.length();
        return true;
    }

    /** Where the run lies; 0 if it is all zero bytes and nobody has written any of them. */
    public long address()
    {
        return address;
    }

    /** Bytes of the run. */
    public long length()
    {
        return length;
    }
}
