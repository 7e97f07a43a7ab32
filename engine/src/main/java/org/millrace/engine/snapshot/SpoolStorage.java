package org.millrace.engine.snapshot;

/** Where spools go; the node's file layer, or memory in the simulator. */
public interface SpoolStorage
{
    /** A new empty spool file, or null with the reason logged. */
    SpoolFile create();
}
