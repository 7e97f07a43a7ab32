package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.Node;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRelease;

/**
 * A list, set, hash or sorted set behind its key, and static access to it.
 * <pre>
 *   compact, up to {@link #COMPACT_MAX}              large
 *   +-----------+----------------------------+       +--------+-----------+-------------------------------+
 *   | count     | elements, back to back     |       | marker | padding   | TreeHead; of a sorted set two |
 *   | 1, 2 B    |                            |       | FF, FE | 0 to 3 B  | 28 B each                     |
 *   +-----------+----------------------------+       +--------+-----------+-------------------------------+
 * </pre>
 * The compact form is the RDB record as it goes out: an element is what it is in a leaf, one string or two and perhaps a
 * score ({@link Element}), and none of its strings lies elsewhere. No RDB length begins with a marker. Padding brings the
 * head to a multiple of 4, so how much there is depends on what comes before.
 *
 * <p>Which form a value has is a matter of its size. What OBJECT ENCODING says follows Redis's thresholds: a compact value
 * has the name of a small one, of a large one the marker FE says the same, which FF does not.
 *
 * <p>A hash that has fields with deadlines is a type of its own, {@link #EXPIRING_HASH}, which lies alike
 * ({@link ExpiringHashLayout}), so that the others pay nothing for it.
 *
 * <p>{@code value} is the address of the first byte behind the key in all methods.
 */
@Layout(value = "A list, set, hash or sorted set behind its key", then = {
    "compact: RDB length that counts the elements (a field and its value is one), and the elements as in leaves; or",
    "large: FF, or FE if OBJECT ENCODING names it as a small one; bytes up to a multiple of 4; the head of its tree, of " +
        "a sorted set two: by member, by score"})
public class CollectionLayout extends ValueLayout
{
    /** RDB value types: the type byte of an entry. */
    public static final int LIST = 1;
    public static final int SET = 2;
    public static final int HASH = 4;
    public static final int SORTED_SET = 5;

    /** A hash that has fields with a deadline. */
    public static final int EXPIRING_HASH = 24;

    /** Longest compact value, count and elements; bytes. */
    public static final int COMPACT_MAX = 4096;

    private static final int LARGE = 0xFF;
    private static final int LARGE_NAMED_COMPACT = 0xFE;
    private static final int ALIGNMENT = Integer.BYTES;

    private static final int[] KINDS = new int[EXPIRING_HASH + 1];

    static
    {
        KINDS[HASH] = Node.TWO_STRINGS;
        KINDS[SORTED_SET] = Node.SCORED;
        KINDS[EXPIRING_HASH] = Node.TWO_STRINGS | Node.EXPIRING;
    }

    private final int type;
    private final int heads;

    CollectionLayout(final int type)
    {
        this.type = type;
        heads = heads(type);
    }

    /** Heads of trees that a large one has, one behind the other. */
    public static int heads(final int type)
    {
        return SORTED_SET == type || EXPIRING_HASH == type ? 2 : 1;
    }

    /** True if values of this type lie so. */
    public static boolean isCollection(final int type)
    {
        return LIST == type || SET == type || SORTED_SET == type || isHash(type);
    }

    /** True of both types of hashes. */
    public static boolean isHash(final int type)
    {
        return HASH == type || EXPIRING_HASH == type;
    }

    /** What an element of this type has, as {@link Node}'s bits. */
    public static int kind(final int type)
    {
        return KINDS[type];
    }

    public static boolean isLargeForm(final long value)
    {
        return Memory.getUnsignedByte(value) >= LARGE_NAMED_COMPACT;
    }

    /** Elements; of a hash pairs. */
    public static long count(final long value)
    {
        return isLargeForm(value) ? TreeHead.count(head(value)) : RdbLength.decode(value);
    }

    /** True if OBJECT ENCODING calls it by the name of a small one. */
    public static boolean isNamedCompact(final long value)
    {
        return LARGE != Memory.getUnsignedByte(value);
    }

    /** Of a large one that may be changed: how OBJECT ENCODING calls it. */
    public static void nameCompact(final long value, final boolean isNamedCompact)
    {
        Memory.putByte(value, (byte)(isNamedCompact ? LARGE_NAMED_COMPACT : LARGE));
    }

    /** Head of a large one's tree; of a sorted set {@link ScoredMembers}' heads. */
    public static long head(final long value)
    {
        return align(value + 1);
    }

    /** Head of the tree in the order in which elements are shown: of a sorted set that of scores. */
    public static long shownHead(final int type, final long value)
    {
        return SORTED_SET == type ? ScoredMembers.byScore(head(value)) : head(value);
    }

    /** Bytes that a large one takes in an entry where it begins so many bytes behind the entry's start. */
    public static long largeLength(final int type, final long offset)
    {
        return align(offset + 1) + (long)heads(type) * TreeHead.LENGTH - offset;
    }

    /** Write a large one without elements. */
    public static void initLarge(
        final int type, final long value, final boolean isNamedCompact, final long generation)
    {
        nameCompact(value, isNamedCompact);
        TreeHeads.init(head(value), heads(type), generation);
    }

    /** Address of a compact one's first element. */
    public static long first(final long value)
    {
        return value + RdbLength.encodedLength(value);
    }

    /** Behind a compact one's last element. */
    public static long end(final int type, final long value)
    {
        return at(type, value, RdbLength.decode(value));
    }

    /** A compact one's element of a number; of the number of all, the end. */
    public static long at(final int type, final long value, final long number)
    {
        return hop(kind(type), first(value), number);
    }

    /** So many elements on. */
    public static long hop(final int kind, final long from, final long elements)
    {
        long at = from;
        for (long i = 0; i < elements; i++)
        {
            at += Element.length(at, kind);
        }

        return at;
    }

    /** A compact one's element with this first string, or {@link HashTree#NONE}. */
    public static long find(final int type, final long value, final Member member)
    {
        return Math.max(HashTree.NONE, seek(kind(type), first(value), RdbLength.decode(value), member));
    }

    /**
     * As above, among so many elements that stand one behind the other.
     *
     * @return the element; if there is none, where they end, negated; {@link HashTree#NONE} if the string is too long to
     *         be there, for which nothing is looked at.
     */
    public static long seek(final int kind, final long first, final long count, final Member member)
    {
        if (member.isLong())
        {
            return HashTree.NONE;
        }

        long at = first;
        for (long i = 0; i < count; i++)
        {
            if (member.isForm(at))
            {
                return at;
            }

            at += Element.length(at, kind);
        }

        return -at;
    }

    /** True if one of so many elements that stand one behind the other has the same first string as one outside them. */
    public static boolean isAmong(final int kind, final long first, final long count, final long element)
    {
        final int length = ElementString.length(element);
        long at = first;
        for (long i = 0; i < count; i++)
        {
            if (length == ElementString.length(at) && Memory.equal(element, at, length))
            {
                return true;
            }

            at += Element.length(at, kind);
        }

        return false;
    }

    private static long align(final long address)
    {
        return address + ALIGNMENT - 1 & -ALIGNMENT;
    }

    @Override
    public long headLength(final long value)
    {
        return isLargeForm(value)
            ? head(value) + (long)heads * TreeHead.LENGTH - value
            : end(type, value) - value;
    }

    @Override
    public long headLengthAt(final long value, final long offset)
    {
        return isLargeForm(value) ? largeLength(type, offset) : headLength(value);
    }

    @Override
    public boolean isLarge(final long value)
    {
        return isLargeForm(value);
    }

    @Override
    public long recordLength(final long value)
    {
        if (!isLargeForm(value))
        {
            return headLength(value);
        }

        final long head = head(value);
        return RdbLength.sizeOf(TreeHead.count(head)) + TreeHead.bytes(head);
    }

    @Override
    public long payload(final long value)
    {
        return value;
    }

    @Override
    void begin(final ValueRuns runs, final long value)
    {
        if (isLargeForm(value))
        {
            final long head = shownHead(type, value);
            runs.length(TreeHead.count(head));
            runs.tree(TreeHead.root(head));
        }
        else
        {
            runs.head(value, headLength(value));
        }
    }

    @Override
    public void share(final long value, final long target, final long generation)
    {
        if (!isLargeForm(value))
        {
            super.share(value, target, generation);
            return;
        }

        Memory.putByte(target, Memory.getByte(value));
        TreeHeads.handOver(head(value), head(target), heads, generation);
    }

    @Override
    public void takeBack(final long value)
    {
        if (isLargeForm(value))
        {
            TreeHeads.takeBack(head(value), heads);
        }
    }

    @Override
    int trees()
    {
        return heads;
    }

    @Override
    long tree(final long value, final int index)
    {
        return head(value) + (long)index * TreeHead.LENGTH;
    }

    @Override
    public void retire(final TreeRelease release, final long value)
    {
        TreeHeads.retire(release, head(value), heads);
    }

    @Override
    public void discard(final TreeRelease release, final long value)
    {
        TreeHeads.discard(release, head(value), heads);
    }
}
