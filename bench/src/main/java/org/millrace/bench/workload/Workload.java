package org.millrace.bench.workload;

import org.millrace.kit.resp.CommandBuffer;

/**
 * A sequence of commands that depends on its seed only. One object per connection or load thread, not thread-safe.
 */
@FunctionalInterface
public interface Workload
{
    /**
     * Appends the next command (exactly one, so that one reply is owed for it).
     */
    void append(CommandBuffer buffer);
}
