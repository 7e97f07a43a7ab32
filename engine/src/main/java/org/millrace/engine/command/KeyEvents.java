package org.millrace.engine.command;

/** Classes of keyspace notifications (notify-keyspace-events) and where they go. */
public interface KeyEvents
{
    /** K: publish to {@code __keyspace@db__:key}. */
    int KEYSPACE = 1;
    /** E: publish to {@code __keyevent@db__:event}. */
    int KEYEVENT = 1 << 1;
    /** g: commands that work on any type. */
    int GENERIC = 1 << 2;
    /** $: string commands. */
    int STRING = 1 << 3;
    /** x: expired. */
    int EXPIRED = 1 << 4;
    /** e: evicted. */
    int EVICTED = 1 << 5;
    /** m: key misses. */
    int KEY_MISS = 1 << 6;
    /** n: new keys. */
    int NEW = 1 << 7;

    /** Publish; called only if the class is enabled. */
    void publish(int eventClass, String event, int database, long keyAddress, int keyLength);
}
