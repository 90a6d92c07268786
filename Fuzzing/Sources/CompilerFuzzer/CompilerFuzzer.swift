// The fuzzer's program: libFuzzer calls it with one text after another.

internal import CompilerProperties

/// libFuzzer's own program with a function in the place of its `LLVMFuzzerTestOneInput`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum CompilerFuzzer {
    static func main() {
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        _ = runDriver(&count, &arguments, test)
    }
}

/// Compiles a text as a template; where that breaks a promise, the process ends, which libFuzzer reports.
///
/// What stands behind a zero byte is `env.json`: in a template there are none.
private func test(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let parts = UnsafeBufferPointer(start: data, count: count).split(
        separator: 0,
        maxSplits: 1,
        omittingEmptySubsequences: false
    )
    let violation = CompilerProperties.violation(
        template: Array(parts[0]),
        environment: parts.count > 1 ? Array(parts[1]) : nil
    )
    if let violation { fatalError(violation) }
    return 0
}

/// Called only by libFuzzer's own `main`, which this program does not use.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt { test(data, count) }
