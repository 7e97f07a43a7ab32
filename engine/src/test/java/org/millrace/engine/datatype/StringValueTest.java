package org.millrace.engine.datatype;

import org.junit.jupiter.api.Test;
import org.millrace.engine.Refusal;
import org.millrace.engine.keyspace.DataSetFixture;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.ValueRuns;

class StringValueTest
{
    @Test
    void shouldReadNoRangeBeyondTheString()
    {
        final long target = Memory.reserve(16);
        try (DataSetFixture fixture = new DataSetFixture(0, 1, 1))
        {
            fixture.set("key", "value");
            final long entry = fixture.find(0, DataSetFixture.bytes("key"));
            Refusal.of("beyond the string", () -> StringValue.copy(fixture.memory, entry, 1, 5, target));
            Refusal.of("beyond the string", () -> StringValue.copy(fixture.memory, entry, -1, 5, target));
            Refusal.of("beyond the string", () -> StringValue.copy(fixture.memory, entry, 0, -1, target));
            StringValue.copy(fixture.memory, entry, 0, 5, target);
            final ValueRuns runs = new ValueRuns(fixture.memory);
            Refusal.of("beyond the string", () -> runs.string(Entry.value(entry), 3, 3));
        }

        Memory.release(target);
    }
}
