package org.millrace.bench.gate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Puts a call of a static method without arguments at the start of a method in a class file.
 * <p>
 * Four bytes go in front of the code: the call (three) and a filler, since the alignment of switch tables counts from
 * the start of the code in fours. Jumps are relative and stay right; what is absolute is moved by four: exception
 * tables, line numbers, local variables, stack maps. The format is that of the JVM specification, chapter 4.
 */
final class MethodEntryPatch
{
    /** Bytes in front. */
    static final int INSERTED_LENGTH = 4;

    private static final int OPCODE_INVOKESTATIC = 0xB8;
    private static final int OPCODE_NOP = 0;
    private static final int TAG_UTF8 = 1;
    private static final int TAG_LONG = 5;
    private static final int TAG_DOUBLE = 6;
    private static final int TAG_CLASS = 7;
    private static final int TAG_METHOD = 10;
    private static final int TAG_NAME_AND_TYPE = 12;
    private static final int CONSTANTS_ADDED = 6;

    private final DataInputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final String methodName;
    private String[] texts;
    private int callIndex;
    private int patchedCount;

    private MethodEntryPatch(final byte[] classFile, final String methodName)
    {
        in = new DataInputStream(new ByteArrayInputStream(classFile));
        this.methodName = methodName;
    }

    /**
     * Patches every method of the name that has code.
     *
     * @param classFile   as loaded.
     * @param methodName  to patch.
     * @param calledClass internal name of the class whose method is called.
     * @param calledName  of the method: public, static, no arguments, void.
     * @return the changed class file.
     * @throws IOException if it has no such method, or is no class file.
     */
    static byte[] apply(
        final byte[] classFile,
        final String methodName,
        final String calledClass,
        final String calledName) throws IOException
    {
        final MethodEntryPatch patch = new MethodEntryPatch(classFile, methodName);
        patch.run(calledClass, calledName);
        if (0 == patch.patchedCount)
        {
            throw new IOException("no method " + methodName);
        }

        return patch.bytes.toByteArray();
    }

    private void run(final String calledClass, final String calledName) throws IOException
    {
        // Magic number and version.
        copy(8);
        constants(calledClass, calledName);
        // Access, this, super.
        copy(6);
        copy(2 * copyShort());
        final int fieldCount = copyShort();
        for (int i = 0; i < fieldCount; i++)
        {
            member(false);
        }

        final int methodCount = copyShort();
        for (int i = 0; i < methodCount; i++)
        {
            member(true);
        }

        in.transferTo(out);
    }

    private void constants(final String calledClass, final String calledName) throws IOException
    {
        final int count = in.readUnsignedShort();
        texts = new String[count];
        out.writeShort(count + CONSTANTS_ADDED);
        for (int i = 1; i < count; i++)
        {
            final int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (TAG_UTF8 == tag)
            {
                texts[i] = in.readUTF();
                out.writeUTF(texts[i]);
            }
            else
            {
                copy(constantLength(tag));
                // These take two places.
                i += TAG_LONG == tag || TAG_DOUBLE == tag ? 1 : 0;
            }
        }

        text(calledClass);
        out.writeByte(TAG_CLASS);
        out.writeShort(count);
        text(calledName);
        text("()V");
        out.writeByte(TAG_NAME_AND_TYPE);
        out.writeShort(count + 2);
        out.writeShort(count + 3);
        out.writeByte(TAG_METHOD);
        out.writeShort(count + 1);
        out.writeShort(count + 4);
        callIndex = count + 5;
    }

    private static int constantLength(final int tag) throws IOException
    {
        return switch (tag)
        {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case TAG_LONG, TAG_DOUBLE -> 8;
            default -> throw new IOException("unknown constant " + tag);
        };
    }

    private void text(final String text) throws IOException
    {
        out.writeByte(TAG_UTF8);
        out.writeUTF(text);
    }

    private void member(final boolean isMethod) throws IOException
    {
        copy(2);
        final String memberName = texts[copyShort()];
        final boolean isWanted = isMethod && methodName.equals(memberName);
        copy(2);
        final int attributeCount = copyShort();
        for (int i = 0; i < attributeCount; i++)
        {
            final String name = texts[copyShort()];
            final int length = in.readInt();
            if (isWanted && "Code".equals(name))
            {
                code(in.readNBytes(length));
                patchedCount++;
            }
            else
            {
                out.writeInt(length);
                copy(length);
            }
        }
    }

    private void code(final byte[] attribute) throws IOException
    {
        final DataInputStream from = new DataInputStream(new ByteArrayInputStream(attribute));
        final ByteArrayOutputStream changed = new ByteArrayOutputStream();
        final DataOutputStream to = new DataOutputStream(changed);
        // Greatest stack and locals: the call needs neither.
        to.writeInt(from.readInt());
        final int length = from.readInt();
        to.writeInt(length + INSERTED_LENGTH);
        to.writeByte(OPCODE_INVOKESTATIC);
        to.writeShort(callIndex);
        to.writeByte(OPCODE_NOP);
        to.write(from.readNBytes(length));
        final int handlerCount = from.readUnsignedShort();
        to.writeShort(handlerCount);
        for (int i = 0; i < handlerCount; i++)
        {
            to.writeShort(from.readUnsignedShort() + INSERTED_LENGTH);
            to.writeShort(from.readUnsignedShort() + INSERTED_LENGTH);
            to.writeShort(from.readUnsignedShort() + INSERTED_LENGTH);
            to.writeShort(from.readUnsignedShort());
        }

        final int attributeCount = from.readUnsignedShort();
        to.writeShort(attributeCount);
        for (int i = 0; i < attributeCount; i++)
        {
            final int nameIndex = from.readUnsignedShort();
            final byte[] moved = moved(texts[nameIndex], from.readNBytes(from.readInt()));
            to.writeShort(nameIndex);
            to.writeInt(moved.length);
            to.write(moved);
        }

        out.writeInt(changed.size());
        changed.writeTo(out);
    }

    private static byte[] moved(final String name, final byte[] attribute) throws IOException
    {
        return switch (name)
        {
            case "LineNumberTable" -> movedRows(attribute, 2);
            case "LocalVariableTable", "LocalVariableTypeTable" -> movedRows(attribute, 8);
            case "StackMapTable" -> StackMapPatch.apply(attribute);
            default -> attribute;
        };
    }

    /** A table whose rows begin with a place in the code. */
    private static byte[] movedRows(final byte[] attribute, final int restLength) throws IOException
    {
        final DataInputStream from = new DataInputStream(new ByteArrayInputStream(attribute));
        final ByteArrayOutputStream changed = new ByteArrayOutputStream();
        final DataOutputStream to = new DataOutputStream(changed);
        final int count = from.readUnsignedShort();
        to.writeShort(count);
        for (int i = 0; i < count; i++)
        {
            to.writeShort(from.readUnsignedShort() + INSERTED_LENGTH);
            to.write(from.readNBytes(restLength));
        }

        return changed.toByteArray();
    }

    private int copyShort() throws IOException
    {
        final int value = in.readUnsignedShort();
        out.writeShort(value);
        return value;
    }

    private void copy(final int length) throws IOException
    {
        out.write(in.readNBytes(length));
    }
}
