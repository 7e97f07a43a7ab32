package org.millrace.engine.node.clients;

import java.util.List;

/** Replicas and the link to the primary, as CLIENT LIST shows and CLIENT KILL ends them. */
public interface PeerLines
{
    /** Append a line for each that has one of these ids (null: any) and this type (null: any). */
    void append(StringBuilder lines, List<Long> ids, String type);

    /** End those that match; how many. */
    int kill(ClientFilter filter);
}
