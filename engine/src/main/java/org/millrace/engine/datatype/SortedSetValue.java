package org.millrace.engine.datatype;

import static org.millrace.engine.tree.HashTree.ADDED;
import static org.millrace.engine.tree.HashTree.NONE;
import static org.millrace.engine.tree.HashTree.NOTHING;
import static org.millrace.engine.tree.HashTree.NO_MEMORY;
import static org.millrace.engine.tree.HashTree.REMOVED;
import static org.millrace.engine.tree.HashTree.REPLACED;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.HashScan;
import org.millrace.engine.tree.Member;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.ScoredMembers;
import org.millrace.engine.value.CollectionLayout;

/**
 * The sorted set of a key, in either form: members in the order of score, then of their bytes. One that is compact has
 * its elements in that order; a large one is a {@link ScoredMembers}.
 *
 * <p>{@link #open} for a key that is to be changed, {@link #read} for an entry that is only looked at. A key without an
 * entry is an empty set, which {@link #put} fills; one that gets empty loses its key. Elements are told by their address,
 * which holds until something changes, and by their number, their place in the order. Scores are no NaN.
 *
 * <p>Writer thread; one for a data set, for one key at a time.
 */
public final class SortedSetValue implements AutoCloseable
{
    private static final int TYPE = CollectionLayout.SORTED_SET;

    private final Values values;
    private final CollectionEditor editor;
    private final ScoredMembers large;
    private final HashScan scan;
    private final Member member;
    private final ScoredForms elements;
    private final ElementForm form;

    /** Elements of a compact value that change their places. */
    private final long moved = Memory.reserve(CollectionLayout.COMPACT_MAX);

    // What was looked for last.
    private long text;
    private long textLength;
    private long found;

    SortedSetValue(final Values values)
    {
        this.values = values;
        editor = new CollectionEditor(values);
        large = values.collectionTrees().scored();
        scan = new HashScan(values.trees());
        member = values.own(new Member(values.trees()));
        elements = new ScoredForms(values);
        form = values.own(new ElementForm());
    }

    /**
     * Look at the sorted set of a key, to change it.
     *
     * @param entry that the key has now, with a sorted set, or {@link Entry#NO_ENTRY}.
     * @return this.
     */
    public SortedSetValue open(
        final Keyspace keyspace, final long keyAddress, final int keyLength, final long entry)
    {
        editor.open(keyspace, keyAddress, keyLength, entry);
        return this;
    }

    /** Look at a sorted set that is not to be changed. @return this. */
    public SortedSetValue read(final long entry)
    {
        editor.read(entry);
        return this;
    }

    /** What the key has now: {@link Entry#NO_ENTRY} once the set is empty. */
    public long entry()
    {
        return editor.entry();
    }

    /** Members; 0 without an entry. */
    public long size()
    {
        return editor.count();
    }

    // Members.

    /** @return the element of a member, or {@link org.millrace.engine.tree.HashTree#NONE}; {@link #score} is its score. */
    public long find(final long address, final long length)
    {
        text = address;
        textLength = length;
        member.set(address, length);
        found = findMember();
        return found;
    }

    private long findMember()
    {
        if (editor.isLarge())
        {
            return large.find(editor.head(), member);
        }

        return 0 == editor.value() ? NONE : CollectionLayout.find(TYPE, editor.value(), member);
    }

    /** Score of an element. */
    public static double score(final long at)
    {
        return ScoreTree.score(at);
    }

    /** Members before the one that {@link #find} has just found. */
    public long rank()
    {
        if (editor.isLarge())
        {
            return large.scores().rank(ScoredMembers.byScore(editor.head()), score(found), member);
        }

        long number = 0;
        for (long at = CollectionLayout.first(editor.value()); at < found; at = behind(at))
        {
            number++;
        }

        return number;
    }

    // Numbers.

    /** The element of a number from 0 to below {@link #size}. */
    public long at(final long number)
    {
        return editor.isLarge()
            ? large.scores().at(ScoredMembers.byScore(editor.head()), number)
            : CollectionLayout.at(TYPE, editor.value(), number);
    }

    /** Members of a lower score; with {@code isInclusive} those of this one, too. */
    public long countBelow(final double score, final boolean isInclusive)
    {
        if (editor.isLarge())
        {
            final long head = ScoredMembers.byScore(editor.head());
            return isInclusive ? large.scores().countTo(head, score) : large.scores().countBelow(head, score);
        }

        long number = 0;
        final long count = editor.count();
        long at = CollectionLayout.first(editor.value());
        while (number < count && (score(at) < score || isInclusive && score(at) == score))
        {
            at = behind(at);
            number++;
        }

        return number;
    }

    /** True if the member of a number comes before a text, or with {@code isInclusive} is that text. */
    public boolean isBelowText(final long number, final long address, final long length, final boolean isInclusive)
    {
        return elements.compare(at(number), address, length) < (isInclusive ? 1 : 0);
    }

    /** True if all members, of which there are some, have one score: then they stand in the order of their texts. */
    public boolean hasOneScore()
    {
        return score(at(0)) == score(at(size() - 1));
    }

    /**
     * Members before a text, with {@code isInclusive} the text itself, too: the number of the first one, from
     * {@code first} on, that is not before it. Where members have several scores they are looked at one by one.
     *
     * @param first a number that is at most the result, if all have one score.
     */
    public long countBelowText(
        final long first, final long address, final long length, final boolean isInclusive)
    {
        if (editor.isLarge() && hasOneScore())
        {
            final long element = find(address, length);
            final long head = ScoredMembers.byScore(editor.head());
            final double score = score(large.scores().at(head, 0));
            final boolean isThere = NONE != element && score(element) == score;
            return large.scores().rank(head, score, member) + (isThere && isInclusive ? 1 : 0);
        }

        final ElementWalk walk = values.walk();
        walk.begin(editor.entry(), first);
        long number = first;
        for (long at = walk.next(); 0 != at &&
            elements.compare(at, address, length) < (isInclusive ? 1 : 0); at = walk.next())
        {
            number++;
        }

        return number;
    }

    // Changes.

    /**
     * So many members are about to be put: a number beyond the threshold makes it a large one, as Redis has it, whatever
     * becomes of them.
     *
     * @return false if memory ran out: nothing has changed.
     */
    public boolean expect(final long members)
    {
        if (members <= values.thresholds().zsetEntries || !editor.isNamedCompact())
        {
            return true;
        }

        return Entry.NO_ENTRY == editor.entry() ? editor.makeLarge(TYPE, false) : editor.nameLarge();
    }

    /**
     * The set was made from scores that may be -0: a small one does not tell that from 0. Without memory for that it stays
     * as it is. What is loaded is not looked at so: it stays what its primary has.
     */
    public void forgetSigns()
    {
        if (!editor.isNamedCompact())
        {
            return;
        }

        for (long i = countBelow(0, false), end = countBelow(0, true); i < end; i++)
        {
            final long element = at(i);
            if (Memory.getLong(Element.score(element)) == Long.MIN_VALUE)
            {
                forgetSign(element);
            }
        }
    }

    /** It keeps its place: -0 equals 0. */
    private void forgetSign(final long element)
    {
        if (!editor.isLarge())
        {
            Memory.putLong(moved, 0);
            editor.splice(Element.score(element), Element.SCORE_LENGTH, moved, Element.SCORE_LENGTH, 0);
            return;
        }

        member.setString(element);
        if (editor.own())
        {
            large.put(editor.head(), member, 0);
        }
    }

    /** The key goes, with all members. */
    public void removeKey()
    {
        editor.remove();
    }

    /**
     * Give a member a score.
     *
     * @param address of the member; it must not lie in the set.
     * @return as {@link #set}.
     */
    public int put(final long address, final long length, final double score)
    {
        find(address, length);
        return set(score);
    }

    /**
     * Give the member that {@link #find} has just looked for, found or not, a score.
     *
     * @return {@code HashTree.ADDED}, {@code REPLACED}, {@code NOTHING} if its score equals this one, or {@code NO_MEMORY}:
     *         then nothing has changed.
     */
    public int set(final double score)
    {
        if (NONE != found && score(found) == score)
        {
            return NOTHING;
        }

        // As in Redis, whose small sorted sets do not tell -0 from 0.
        final boolean isNamedCompact = editor.isNamedCompact() && (NONE != found || isSmall(size() + 1));
        final double kept = isNamedCompact ? score + 0.0 : score;
        if (editor.isLarge())
        {
            return setLarge(isNamedCompact, kept);
        }

        if (NONE != found)
        {
            return move(kept) ? REPLACED : NO_MEMORY;
        }

        form.begin().member(member).score(kept);
        return isNamedCompact && !form.isTooLong() && editor.fits(form.length())
            ? insert(kept)
            : enlarge(isNamedCompact, kept);
    }

    /** True if a set of so many members, with the one that was looked for, is still one of the small ones. */
    private boolean isSmall(final long count)
    {
        return count <= values.thresholds().zsetEntries && textLength <= values.thresholds().zsetValue;
    }

    private int insert(final double score)
    {
        final boolean isDone = 0 == editor.value()
            ? editor.make(TYPE, form.address(), form.length(), 1)
            : editor.splice(place(score), 0, form.address(), form.length(), 1);
        return isDone ? ADDED : NO_MEMORY;
    }

    /** Add the member to a set that is large from here on. */
    private int enlarge(final boolean isNamedCompact, final double score)
    {
        final boolean isNew = 0 == editor.value();
        if (isNew ? !editor.makeLarge(TYPE, isNamedCompact) : !editor.convert(isNamedCompact))
        {
            return NO_MEMORY;
        }

        final int result = editor.own() ? large.put(editor.head(), member, score) : NO_MEMORY;
        if (isNew && NO_MEMORY == result)
        {
            editor.remove();
        }

        return result;
    }

    private int setLarge(final boolean isNamedCompact, final double score)
    {
        if (!editor.own())
        {
            return NO_MEMORY;
        }

        final int result = large.put(editor.head(), member, found, score);
        if (NO_MEMORY != result && isNamedCompact != editor.isNamedCompact())
        {
            CollectionLayout.nameCompact(editor.value(), isNamedCompact);
        }

        return result;
    }

    /** The first element of a compact value that is not before the member with this score. */
    private long place(final double score)
    {
        return elements.find(CollectionLayout.first(editor.value()), editor.end(), score, text, textLength);
    }

    /** Give the found element of a compact value another score, and its place. */
    private boolean move(final double score)
    {
        final long place = place(score);
        final int length = (int)(behind(found) - found);
        if (place == found || place == found + length)
        {
            Memory.putLong(moved, Double.doubleToRawLongBits(score));
            return editor.splice(Element.score(found), Element.SCORE_LENGTH, moved, Element.SCORE_LENGTH, 0);
        }

        final long from = Math.min(place, found);
        final int range = (int)(Math.max(place, found + length) - from);
        final boolean isForward = place > found;
        final long target = isForward ? moved + range - length : moved;
        Memory.copyDisjoint(isForward ? found + length : place, isForward ? moved : moved + length, range - length);
        Memory.copyDisjoint(found, target, length);
        Memory.putLong(target + length - Element.SCORE_LENGTH, Double.doubleToRawLongBits(score));
        return editor.splice(from, range, moved, range, 0);
    }

    /**
     * Remove a member; with the last one the key goes.
     *
     * @return {@code HashTree.REMOVED}, {@code NOTHING}, or {@code NO_MEMORY}: then nothing has changed.
     */
    public int remove(final long address, final long length)
    {
        final long at = find(address, length);
        if (NONE == at)
        {
            return NOTHING;
        }

        if (1 == size())
        {
            editor.remove();
            return REMOVED;
        }

        if (editor.isLarge())
        {
            return editor.own() ? large.remove(editor.head(), member) : NO_MEMORY;
        }

        return spliceOut(at, behind(at), 1) ? REMOVED : NO_MEMORY;
    }

    /** See to it that {@link #remove} of all these members of a large set succeeds. @return false if memory ran out. */
    public boolean claim(final ArgVector members, final int from)
    {
        if (!editor.isLarge() || !values.isPinned() || members.count() - from < 2)
        {
            return true;
        }

        boolean isClaimed = editor.claim(large.members(), member, members, from);
        for (int i = from; i < members.count() && isClaimed; i++)
        {
            final long at = find(members.address(i), members.length(i));
            isClaimed = NONE == at || large.scores().own(ScoredMembers.byScore(editor.head()), score(at), member);
        }

        return isClaimed;
    }

    /**
     * Remove the elements of some numbers; with the last one the key goes.
     *
     * @param from number of the first that goes.
     * @param to number behind the last one, at most the size.
     * @return false if memory ran out: nothing has changed.
     */
    public boolean removeRange(final long from, final long to)
    {
        if (from == to)
        {
            return true;
        }

        if (to - from == size())
        {
            editor.remove();
            return true;
        }

        if (editor.isLarge())
        {
            return editor.own() && (1 == to - from
                ? large.removeAt(editor.head(), from)
                : large.removeRange(editor.head(), from, to));
        }

        final long first = at(from);
        return spliceOut(first, CollectionLayout.hop(CollectionLayout.kind(TYPE), first, to - from), to - from);
    }

    private boolean spliceOut(final long from, final long to, final long count)
    {
        return editor.splice(from, (int)(to - from), moved, 0, (int)-count);
    }

    // All of them.

    /**
     * Go to the elements from a position of a scan on, {@link #nextScanned} gives them; a compact set comes whole.
     *
     * @param position 0 or what the last step returned; an unsigned number.
     * @return the position behind them, 0 if that is the end.
     */
    public long scan(final long position)
    {
        if (editor.isLarge())
        {
            return scan.step(ScoredMembers.byMember(editor.head()), position);
        }

        values.walk().begin(editor.entry());
        return HashScan.START;
    }

    /** The next element of the step, {@link org.millrace.engine.tree.HashTree#NONE} if there is none. */
    public long nextScanned()
    {
        return editor.isLarge() ? scan.next() : values.walk().next();
    }

    /** True if it is what OBJECT ENCODING calls a listpack. */
    public boolean isNamedCompact()
    {
        return editor.isNamedCompact();
    }

    private static long behind(final long at)
    {
        return at + Element.length(at, CollectionLayout.kind(TYPE));
    }

    @Override
    public void close()
    {
        Memory.release(moved);
    }
}
