package org.millrace.engine.command;

import org.millrace.engine.config.KeyspaceEvents;

/** Classes of keyspace notifications (notify-keyspace-events) and where they go. */
public interface KeyEvents
{
    /** K: publish to {@code __keyspace@db__:key}. */
    int KEYSPACE = KeyspaceEvents.KEYSPACE;
    /** E: publish to {@code __keyevent@db__:event}. */
    int KEYEVENT = KeyspaceEvents.KEYEVENT;
    /** g: commands that work on any type. */
    int GENERIC = KeyspaceEvents.GENERIC;
    /** $: string commands. */
    int STRING = KeyspaceEvents.STRING;
    /** l: list commands. */
    int LIST = KeyspaceEvents.LIST;
    /** s: set commands. */
    int SET = KeyspaceEvents.SET;
    /** h: hash commands. */
    int HASH = KeyspaceEvents.HASH;
    /** z: sorted set commands. */
    int SORTED_SET = KeyspaceEvents.SORTED_SET;
    /** t: stream commands. */
    int STREAM = KeyspaceEvents.STREAM;
    /** x: expired. */
    int EXPIRED = KeyspaceEvents.EXPIRED;
    /** e: evicted. */
    int EVICTED = KeyspaceEvents.EVICTED;
    /** m: key misses. */
    int KEY_MISS = KeyspaceEvents.KEY_MISS;
    /** n: new keys. */
    int NEW = KeyspaceEvents.NEW_KEY;

    /** Publish; called only if the class is enabled. */
    void publish(int eventClass, String event, int database, long keyAddress, int keyLength);
}
