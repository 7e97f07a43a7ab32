package org.millrace.engine.datatype;

import org.millrace.engine.value.ValueRuns;

/** Told of the elements of a value: a string, an item, a member and its score, a field and its value. */
public interface ElementVisitor
{
    /** A part of an element, in order; its bytes are to be taken during the call. */
    void onPart(ValueRuns part);

    /** The score of the member that was the last part. */
    void onScore(double score);

    /** The field whose value was the last part has a deadline. */
    void onDeadline(long deadlineMs);

    /** All parts of the element have come. */
    void onEnd();
}
