/**
 * What both halves of replication share: a node is the primary of its replicas, and may be a replica itself, and each
 * half sees the other through one interface.
 *
 * <pre>
 *          replica  ------ SubReplicas ----->  primary
 *   (the link to who        who follows         (those who follow
 *    is followed)           this node            this node)
 *                   &lt;------ Upstream --------
 *                        who this node follows
 * </pre>
 *
 * The stream itself is beneath both, in {@code backlog}: a replica appends what it has applied, byte for byte, and a
 * primary what it has executed; whoever follows reads it from there. So neither half asks which of the two wrote it.
 * <p>
 * It must not know {@code primary} or {@code replica}, and these do not know each other; {@code node} puts them
 * together. Writer thread.
 */
package org.millrace.engine.replication;
