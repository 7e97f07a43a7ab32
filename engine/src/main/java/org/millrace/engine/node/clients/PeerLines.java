package org.millrace.engine.node.clients;

import org.millrace.engine.command.Rights;

/** Replicas and the link to the primary, as CLIENT LIST shows and CLIENT KILL ends them. */
public interface PeerLines
{
    /** Append a line for each that has this type (null: any). */
    void append(StringBuilder lines, String type);

    /** Append a line for the one that has this id, if there is one. */
    void append(StringBuilder lines, long id);

    /** End those that match; how many. */
    int kill(ClientFilter filter);

    /** End those that this user has begun. */
    void kill(Rights user);
}
