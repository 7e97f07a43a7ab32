/**
 * Redis's append-only files, read: the manifest that says which there are, the commands in them, and what runs those.
 * Nothing here writes such a file.
 */
package org.millrace.engine.aof;
