package org.millrace.engine.replication.replica;

/** A primary that hands its role to the one that it has become a replica of: it says so with its PSYNC. Writer thread. */
public interface Handover
{
    /** There is none. */
    Handover NONE = new Handover()
    {
        @Override
        public boolean isUnderWay()
        {
            return false;
        }

        @Override
        public void onAnswer(final boolean isAccepted)
        {
            // Nobody has asked.
        }
    };

    /** The next PSYNC is to hand over. */
    boolean isUnderWay();

    /** What that PSYNC was answered with: a place in the stream or a snapshot, or anything else. */
    void onAnswer(boolean isAccepted);
}
