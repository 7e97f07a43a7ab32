/**
 * What a node keeps in files: backlog segments, snapshot spools, the dump. Implements storage interfaces of the
 * engine; the engine itself opens no file.
 * <p>
 * Must not know sockets, commands or options: directories, ports and limits come as arguments. Classes here say
 * which thread they belong to; most are called from more than one and synchronise, since they wait for a disk anyway.
 * <p>
 * Read first: {@link org.millrace.io.file.MappedSegmentStorage}, the only class that imports chronicle-bytes.
 */
package org.millrace.io.file;
