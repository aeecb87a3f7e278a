import Linux
import Testing

struct LineBufferTests {
    @Test(arguments: [1, 2, 3, 7, 100])
    func `lines are independent of how the bytes arrive`(size: Int) {
        let text = Array("one\n\ntwo\nthree".utf8)
        var buffer = LineBuffer()
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: text.count, by: size) {
            lines += buffer.add(text[start..<min(start + size, text.count)])
        }
        #expect(lines == [Array("one".utf8), [], Array("two".utf8)])
        #expect(buffer.takeRest() == Array("three".utf8))
        #expect(buffer.takeRest() == nil)
    }

    @Test func `a line longer than the limit is returned in parts`() {
        var buffer = LineBuffer(limit: 4)
        #expect(buffer.add([UInt8](repeating: 1, count: 5)) == [[1, 1, 1, 1, 1]])
        #expect(buffer.add([2, 10]) == [[2]])
    }
}
