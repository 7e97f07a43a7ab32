package org.millrace.engine.resp;

/** What an error says of the node that gives it, for those who must act on it: the text is for people. */
public enum ErrorKind
{
    /** The request is wrong, or does not fit the data: every node with these data would refuse it. */
    REFUSED,

    /** There is no memory for it here; elsewhere there may be. */
    NO_MEMORY,

    /** An option, a type or a form of value that this node does not hold; a newer server may. */
    NOT_HELD;

    /**
     * True if the request may be right and is but more than this node can do: a replica that skipped it would differ
     * from its primary.
     */
    public boolean isBeyondNode()
    {
        return REFUSED != this;
    }
}
