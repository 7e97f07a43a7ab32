package org.millrace.engine.datatype;

/**
 * Makes one value from its elements, whoever has them: a reader of RDB data, RESTORE, COPY. Nothing of it shows before
 * {@link #commit}. Between a {@link #begin} or {@link #string} that went well and commit or {@link #abort} it is open.
 */
public interface ValueBuilder
{
    int OK = 0;

    /** A key, member or field that there can be only one of was there before. */
    int DUPLICATE = 1;

    /** Memory ran out; nothing has been added. */
    int NO_MEMORY = 2;

    /** {@link #commit}: a member or field came twice, which was not seen when it was added. */
    int ELEMENT_TWICE = 3;

    /** {@link #begin}: how many elements come is not known. */
    long COUNT_UNKNOWN = -1;

    /**
     * Begin a value.
     *
     * @param type RDB value type of its form in memory.
     * @param count elements that come; bytes, if it is a string, which must be known. Else maybe
     *              {@link #COUNT_UNKNOWN}.
     * @return {@link #OK} or {@link #NO_MEMORY}: then it is not open.
     */
    int begin(int type, long count);

    /**
     * The next element; of a string, its next bytes.
     *
     * @return {@link #OK}, {@link #DUPLICATE} or {@link #NO_MEMORY}: then {@link #abort}.
     */
    int add(long address, long length);

    /** The next bytes of a string are zero. @return {@link #OK} or {@link #NO_MEMORY}: then {@link #abort}. */
    int addZeros(long length);

    /**
     * Of an expiring hash: deadline of the field added last, whose value comes next; without this it has none.
     *
     * @param deadlineMs epoch ms, 0 or later.
     */
    void deadline(long deadlineMs);

    /** Score of the element added last. @return {@link #OK} or {@link #NO_MEMORY}: then {@link #abort}. */
    int score(double score);

    /**
     * Instead of begin and add: the whole of a string, which stays where it is until {@link #commit}. What most values
     * are, so this is the short way.
     *
     * @return {@link #OK} or {@link #NO_MEMORY}: then it is not open.
     */
    int string(long address, long length);

    /**
     * Publish.
     *
     * @return {@link #OK}, or {@link #DUPLICATE} (of the key), {@link #ELEMENT_TWICE} or {@link #NO_MEMORY}: the value is
     *         given up.
     */
    int commit();

    /** Give up what was begun. */
    void abort();
}
