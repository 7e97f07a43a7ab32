package org.millrace.engine.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.millrace.engine.base.Check;
import org.millrace.engine.datatype.DiscardingBuilder;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.FunctionLibraries;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;

/**
 * Loads an RDB image that arrives in pieces split anywhere. A push parser: memory beyond the data set is bounded by one
 * element (a large string is stored as it arrives). Never throws on bad input. Owned by one thread.
 *
 * <p>This is the framing: signature, opcodes, AUX fields, keys, checksum. Values are read by a {@link ValueReader} for
 * each wire form, and runs of plain records by {@link RdbBatch}.
 */
public final class RdbLoader implements AutoCloseable
{
    public enum State
    {
        /** Wants more bytes. */
        LOADING,
        /** EOF opcode and checksum were read and are right. */
        DONE,
        /** {@link #error()} says why; part of the data may be in the target. */
        FAILED
    }

    /** Told of keys that were left out because their time had come. */
    @FunctionalInterface
    public interface ExpiredKeys
    {
        /** The address is valid during the call. */
        void onExpired(int database, long keyAddress, int keyLength);
    }

    /** More empty keys than these are only counted. */
    private static final int EMPTY_KEYS_TOLD = 10;

    private final RdbInput input = new RdbInput();
    private final RdbBatch batch = new RdbBatch();
    private final ValueReaders readers = new ValueReaders();
    private final RdbAux aux;
    private final KeyUsageReader usage = new KeyUsageReader();
    private final ScratchBuffer key = new ScratchBuffer();
    private final List<byte[]> libraries = new ArrayList<>();
    private final RdbTarget target;
    private final long nowMs;
    private final boolean isDroppingExpired;
    private final RdbChecksum checksum;

    private String error;
    private ExpiredKeys expiredKeys;
    private RdbPhase phase = RdbPhase.HEADER;
    private boolean isAtData;
    private boolean hasStartedData;
    private boolean isClosed;
    private boolean isUnheld;
    private int version;
    private int database;
    private int type;
    private int lengthsToSkip;
    private long bytesToSkip;
    private long deadlineMs = Entry.NO_DEADLINE;

    /** Of the value under way, and whether it is kept. */
    private ValueReader reader;
    private ValueBuilder builder;
    private boolean isKept;
    private long pieceAddress;
    private long bytesBefore;
    private long keysLoaded;
    private long keysExpired;
    private long keysEmpty;
    private Consumer<String> emptyKeys;

    /**
     * @param target data set to load into; it must be empty by the time {@link #hasStartedData} turns true.
     * @param nowMs keys whose deadline is before this are dropped when {@code dropExpired}, as a primary does at start.
     * @param verifyChecksum whether the trailer is compared.
     */
    public RdbLoader(
        final DataSet target, final long nowMs, final boolean dropExpired, final boolean verifyChecksum)
    {
        this(target, nowMs, dropExpired, verifyChecksum, Presence.NONE);
    }

    /** As the other, into a data set that need not be empty. */
    public RdbLoader(
        final DataSet target, final long nowMs, final boolean drops, final boolean verifies, final Presence present)
    {
        this(new DataSetTarget(target, nowMs, present), nowMs, drops, verifies);
    }

    RdbLoader(final RdbTarget target, final long nowMs, final boolean dropExpired, final boolean verifyChecksum)
    {
        this.target = target;
        aux = new RdbAux(target);
        this.nowMs = nowMs;
        isDroppingExpired = dropExpired;
        checksum = new RdbChecksum(verifyChecksum);
    }

    /**
     * A loader that stores nothing: whether a node with so many databases could load the image, but for its memory and
     * for keys that are there twice.
     *
     * @param libraries that would be replaced.
     */
    public static RdbLoader checking(
        final int databases, final FunctionLibraries libraries, final boolean verifyChecksum)
    {
        return new RdbLoader(new CheckingTarget(databases, libraries), 0, false, verifyChecksum);
    }

    /** A loader that stores nothing and counts what it sees; databases may have any number. */
    public static RdbLoader counting(final RdbCensus census, final boolean verifyChecksum)
    {
        return new RdbLoader(census, 0, false, verifyChecksum);
    }

    /** Ask to be told of every expired key that is left out; a primary appends a DEL for each to its stream. */
    public void onExpiredKey(final ExpiredKeys listener)
    {
        expiredKeys = listener;
    }

    /** Ask to be told of the first keys that are left out because there is nothing in them, as text for people. */
    public void onEmptyKey(final Consumer<String> listener)
    {
        emptyKeys = listener;
    }

    /**
     * Before a piece is {@link #consume consumed}, in whatever parts: somebody has computed its checksum.
     *
     * @param checksum of all pieces from the first one to this.
     */
    public void checked(final long address, final int length, final long checksum)
    {
        this.checksum.piece(address, address + length, checksum);
    }

    /**
     * Take bytes in; all are consumed unless the state becomes DONE or FAILED in the middle, or the data begins.
     *
     * @return bytes consumed.
     */
    public int consume(final long address, final int length)
    {
        input.wrap(address, length);
        pieceAddress = address;
        checksum.piece(address);
        parse();
        checksum.update(input.at);
        final int consumed = (int)(input.at - address);
        bytesBefore += consumed;
        pieceAddress = input.at;
        return consumed;
    }

    private void parse()
    {
        boolean isGoingOn = !phase.isEnd();
        try
        {
            while (isGoingOn)
            {
                isGoingOn = step() && !phase.isEnd();
            }
        }
        catch (final OutOfMemoryError ex)
        {
            // The system gives no memory to gather or unpack a large string; the data set's own limit is another.
            fail("no memory to take in a string, " + phaseName());
        }
    }

    /** No more bytes will come: unless the image is complete the load has failed. */
    public void endOfInput()
    {
        if (!phase.isEnd())
        {
            fail("short read: the data end before the end of the image, " + phaseName());
        }
    }

    /**
     * True when header and leading AUX fields were accepted and the next thing is data: the moment to give up the old
     * data. Until then {@link #consume} stops before the first key (returns fewer bytes) and waits for
     * {@link #startData}.
     */
    public boolean isAtData()
    {
        return isAtData && !hasStartedData;
    }

    public void startData()
    {
        hasStartedData = true;
    }

    public boolean hasStartedData()
    {
        return hasStartedData;
    }

    /** One step; false when it needs more bytes or must wait. */
    private boolean step()
    {
        return switch (phase)
        {
            case HEADER -> readHeader();
            case OPCODE -> readRecords();
            case AUX_NAME -> readAuxName();
            case AUX_VALUE -> readAuxValue();
            case SKIPPED_BYTES -> skipBytes();
            case SELECTDB -> readSelectDb();
            case SKIPPED_LENGTHS -> skipLength();
            case IDLE, FREQUENCY -> usage.read(phase, input, target)
                ? enter(RdbPhase.OPCODE)
                : usage.isBad() && fail("an idle time that is none");
            case EXPIRE_MS, EXPIRE_SECONDS -> readDeadline();
            case FUNCTION -> readFunction();
            case MODULE_AUX -> readModuleAux();
            case KEY -> readKey();
            case VALUE -> readValue();
            case CHECKSUM -> readChecksum();
            case DONE, FAILED -> false;
        };
    }

    /** The one place that assigns the phase. */
    private boolean enter(final RdbPhase next)
    {
        Check.that(phase.canMoveTo(next), "phase of a load out of order: from, to", phase.ordinal(), next.ordinal());
        phase = next;
        return true;
    }

    private boolean readHeader()
    {
        final long address = input.fixed(RdbDescriptor.HEADER_LENGTH);
        if (0 == address)
        {
            return false;
        }

        final RdbSignature signature = RdbSignature.read(address);
        version = signature.version();
        isUnheld = signature.isUnheld();
        return null == signature.error() ? enter(RdbPhase.OPCODE) : fail(signature.error());
    }

    /** Whole string records first, as many as lie here; then whatever they stopped at. */
    private boolean readRecords()
    {
        if (hasStartedData && Entry.NO_DEADLINE == deadlineMs && !usage.isGiven())
        {
            do
            {
                input.at = batch.fill(input.at, input.end, target);
                for (int i = 0, size = batch.size(); i < size; i++)
                {
                    if (!store(
                        batch.keyAddress(i),
                        batch.keyLength(i),
                        batch.valueAddress(i),
                        batch.valueLength(i),
                        batch.deadlineMs(i)))
                    {
                        return false;
                    }
                }
            }
            while (0 < batch.size());
        }

        return input.at < input.end && readOpcode();
    }

    private boolean readOpcode()
    {
        final int opcode = Memory.getUnsignedByte(input.at);
        if (!hasStartedData && RdbDescriptor.isData(opcode))
        {
            isAtData = true;
            return false;
        }

        input.at++;
        return switch (opcode)
        {
            case RdbDescriptor.OPCODE_AUX -> enter(RdbPhase.AUX_NAME);
            case RdbDescriptor.OPCODE_SELECTDB -> enter(RdbPhase.SELECTDB);
            case RdbDescriptor.OPCODE_RESIZEDB -> enterSkipLengths(2);
            case RdbDescriptor.OPCODE_SLOT_INFO -> enterSkipLengths(3);
            case RdbDescriptor.OPCODE_IDLE -> enter(RdbPhase.IDLE);
            case RdbDescriptor.OPCODE_FREQ -> enter(RdbPhase.FREQUENCY);
            case RdbDescriptor.OPCODE_EXPIRETIME_MS -> enter(RdbPhase.EXPIRE_MS);
            case RdbDescriptor.OPCODE_EXPIRETIME -> enter(RdbPhase.EXPIRE_SECONDS);
            case RdbDescriptor.OPCODE_FUNCTION2 -> enter(RdbPhase.FUNCTION);
            case RdbDescriptor.OPCODE_MODULE_AUX -> enter(RdbPhase.MODULE_AUX);
            case RdbDescriptor.OPCODE_FUNCTION_PRE_GA -> refuse(
                "it holds functions in the format of a Redis 7.0 pre-release, which nobody loads any more");
            case RdbDescriptor.OPCODE_SLOT_IMPORT -> refuse(
                "opcode 243 (slot import): it comes from a cluster node in the middle of a slot migration");
            case RdbDescriptor.OPCODE_EOF -> readEof();
            default -> {
                type = opcode;
                yield enter(RdbPhase.KEY);
            }
        };
    }

    private boolean enterSkipLengths(final int count)
    {
        lengthsToSkip = count;
        return enter(RdbPhase.SKIPPED_LENGTHS);
    }

    private boolean skipLength()
    {
        if (!input.readLength())
        {
            return false;
        }

        if (input.isEncoded)
        {
            return fail("a length that is none");
        }

        lengthsToSkip--;
        return 0 != lengthsToSkip || enter(RdbPhase.OPCODE);
    }

    private boolean readAuxName()
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return stopUnlessRead(result);
        }

        aux.onName(input.stringAddress, input.stringLength);
        return enter(RdbPhase.AUX_VALUE);
    }

    private boolean readAuxValue()
    {
        final int result = input.readString(aux.valueMax());
        if (RdbInput.LARGE == result)
        {
            bytesToSkip = input.stringLength;
            return enter(RdbPhase.SKIPPED_BYTES);
        }

        if (RdbInput.READY != result)
        {
            return stopUnlessRead(result);
        }

        aux.onValue(input.stringAddress, input.stringLength);
        return enter(RdbPhase.OPCODE);
    }

    private boolean skipBytes()
    {
        final long taken = Math.min(input.end - input.at, bytesToSkip);
        input.at += taken;
        bytesToSkip -= taken;
        return 0 == bytesToSkip && enter(RdbPhase.OPCODE);
    }

    private boolean readSelectDb()
    {
        if (!input.readLength())
        {
            return false;
        }

        if (input.isEncoded || input.length < 0 || input.length >= target.databases())
        {
            return refuse("it uses database " + (input.isEncoded ? "?" : Long.toUnsignedString(input.length)) +
                ", this node is configured for " + target.databases() + " (directive databases)");
        }

        database = (int)input.length;
        target.select(database);
        return enter(RdbPhase.OPCODE);
    }

    private boolean readDeadline()
    {
        final boolean isMs = RdbPhase.EXPIRE_MS == phase;
        final long address = input.fixed(isMs ? 8 : 4);
        if (0 == address)
        {
            return false;
        }

        deadlineMs = isMs ? Memory.getLong(address) : Memory.getInt(address) * 1000L;
        return enter(RdbPhase.OPCODE);
    }

    private boolean readFunction()
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return stopUnlessRead(result);
        }

        libraries.add(RdbAux.bytes(input.stringAddress, input.stringLength));
        return enter(RdbPhase.OPCODE);
    }

    private boolean readModuleAux()
    {
        if (!input.readLength())
        {
            return false;
        }

        return refuse("it holds data of the module '" + RdbAux.moduleName(input.length) +
            "', and this node has no modules");
    }

    private boolean readKey()
    {
        final int result = input.readString(Long.MAX_VALUE);
        if (RdbInput.READY != result)
        {
            return stopUnlessRead(result);
        }

        reader = readers.of(type, version);
        if (null == reader)
        {
            return refuse("unsupported value type " + type + " (" + RdbDescriptor.typeName(type) + ") for key " +
                Printable.quote(input.stringAddress, input.stringLength) + " in database " + database);
        }

        key.clear();
        key.append(input.stringAddress, input.stringLength);
        return beginValue();
    }

    private boolean beginValue()
    {
        final long deadline = deadlineMs;
        deadlineMs = Entry.NO_DEADLINE;
        isKept = !isDropped(key.address(), (int)key.length(), deadline);
        builder = isKept
            ? target.value(key.address(), (int)key.length(), deadline)
            : DiscardingBuilder.INSTANCE;
        usage.taken(target);
        return enter(RdbPhase.VALUE);
    }

    private boolean readValue()
    {
        final int result = reader.read(input, builder);
        return switch (result)
        {
            case ValueReader.DONE -> (!isKept || isCommitted(builder.commit())) && enter(RdbPhase.OPCODE);
            case ValueReader.NOT_TAKEN -> refuseElement(reader.builderResult());
            case ValueReader.EMPTY -> leaveOutEmpty();
            default -> stopUnlessRead(result);
        };
    }

    private boolean isCommitted(final int result)
    {
        return ValueBuilder.ELEMENT_TWICE == result
            ? refuseElement(ValueBuilder.DUPLICATE)
            : isStored(result, key.address(), (int)key.length());
    }

    private boolean refuseElement(final int result)
    {
        return ValueBuilder.DUPLICATE == result
            ? fail("Duplicate " + RdbDescriptor.elementsName(type) + " detected, " + phaseName())
            : isStored(result, key.address(), (int)key.length());
    }

    /** A collection without elements is not there: versions before 7 have written such keys after bugs of theirs. */
    private boolean leaveOutEmpty()
    {
        if (null != emptyKeys && keysEmpty < EMPTY_KEYS_TOLD)
        {
            emptyKeys.accept(Printable.text(key.address(), key.length()));
        }

        keysEmpty++;
        return enter(RdbPhase.OPCODE);
    }

    private boolean store(
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadline)
    {
        if (isDropped(keyAddress, keyLength, deadline))
        {
            return true;
        }

        return isStored(target.set(keyAddress, keyLength, valueAddress, valueLength, deadline), keyAddress, keyLength);
    }

    private boolean isDropped(final long keyAddress, final int keyLength, final long deadline)
    {
        if (!isDroppingExpired || Entry.NO_DEADLINE == deadline || deadline >= nowMs)
        {
            return false;
        }

        keysExpired++;
        if (null != expiredKeys)
        {
            expiredKeys.onExpired(database, keyAddress, keyLength);
        }

        return true;
    }

    private boolean isStored(final int result, final long keyAddress, final int keyLength)
    {
        if (ValueBuilder.OK == result)
        {
            keysLoaded++;
            return true;
        }

        return fail(ValueBuilder.DUPLICATE == result
            ? "key " + Printable.quote(keyAddress, keyLength) + " is there twice in database " + database
            : "out of memory at key " + Printable.quote(keyAddress, keyLength) + " in database " + database +
                ", after " + keysLoaded + " keys");
    }

    private boolean readEof()
    {
        final String unfit = target.functions(libraries);
        if (null != unfit)
        {
            return refuse("Failed loading library, " + unfit);
        }

        checksum.end(input.at);
        return enter(version < RdbDescriptor.CHECKSUM_SINCE_VERSION ? RdbPhase.DONE : RdbPhase.CHECKSUM);
    }

    private boolean readChecksum()
    {
        final long address = input.fixed(RdbDescriptor.CHECKSUM_LENGTH);
        if (0 == address)
        {
            return false;
        }

        final long expected = Memory.getLong(address);
        if (!checksum.isRight(expected))
        {
            // Redis's words in front: what looks through logs looks for them.
            return fail("RDB CRC error: expected " + Long.toHexString(expected) + ", got " +
                Long.toHexString(checksum.value()) + "; the data were damaged on the way");
        }

        return enter(RdbPhase.DONE);
    }

    /** Waits for the rest of a string, or fails when it is bad; false in both cases. */
    private boolean stopUnlessRead(final int result)
    {
        return RdbInput.BAD == result && fail(input.error + ", " + phaseName());
    }

    /** It is sound, but holds what this node does not: nothing but a change at the sender will help. */
    private boolean refuse(final String reason)
    {
        isUnheld = true;
        return fail(reason);
    }

    private boolean fail(final String reason)
    {
        error = reason + " (at byte " + (bytesBefore + input.at - pieceAddress) + ")";
        abandonValue();
        enter(RdbPhase.FAILED);
        return false;
    }

    private void abandonValue()
    {
        if (RdbPhase.VALUE == phase)
        {
            reader.abandon(builder);
        }
    }

    private String phaseName()
    {
        return switch (phase)
        {
            case HEADER -> "in the header";
            case AUX_NAME, AUX_VALUE -> "in an AUX field";
            case KEY -> "in a key's name in database " + database;
            case VALUE -> "in the value of key " +
                Printable.quote(key.address(), key.length()) + " in database " + database;
            case CHECKSUM -> "in the checksum";
            default -> "after " + keysLoaded + " keys";
        };
    }

    public State state()
    {
        return switch (phase)
        {
            case DONE -> State.DONE;
            case FAILED -> State.FAILED;
            default -> State.LOADING;
        };
    }

    /** Why the load failed, for the log; null unless it has. */
    public String error()
    {
        return error;
    }

    /** It has failed at something that this node does not hold: the same image will fail for ever. */
    public boolean isUnheld()
    {
        return isUnheld;
    }

    /** Bytes consumed so far, for progress. */
    public long bytesConsumed()
    {
        return bytesBefore;
    }

    /** Of a loader that only checks: bytes of keys and values so far; else 0. */
    public long dataBytes()
    {
        return target instanceof CheckingTarget checking ? checking.bytes() : 0;
    }

    /** RDB version of the image, 0 before its header was read. */
    public int version()
    {
        return version;
    }

    /** What the image says of itself, as far as it has been read. */
    public RdbAux aux()
    {
        return aux;
    }

    public long keysLoaded()
    {
        return keysLoaded;
    }

    public long keysExpired()
    {
        return keysExpired;
    }

    /** Keys that were left out because there is nothing in them. */
    public long keysEmpty()
    {
        return keysEmpty;
    }

    /** Off-heap bytes held beside the data set. */
    public long memoryBytes()
    {
        return input.memoryBytes() + key.capacity();
    }

    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            abandonValue();
            input.close();
            readers.close();
            batch.close();
            key.close();
        }
    }
}
