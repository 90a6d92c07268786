# Runs a Lambda handler: asks the Runtime API for events, calls the handler, posts what it returns.
# frozen_string_literal: true

require 'json'
require 'socket'

# What a handler receives as `context:`.
class LambdaContext
  attr_reader :aws_request_id, :invoked_function_arn, :log_group_name, :log_stream_name, :function_name,
              :memory_limit_in_mb, :function_version, :identity, :client_context, :deadline_ms, :tenant_id

  def initialize(request)
    @deadline_ms = request['Lambda-Runtime-Deadline-Ms'].to_i
    @aws_request_id = request['Lambda-Runtime-Aws-Request-Id']
    @invoked_function_arn = request['Lambda-Runtime-Invoked-Function-Arn']
    @tenant_id = request['Lambda-Runtime-Aws-Tenant-Id']
    @log_group_name = ENV['AWS_LAMBDA_LOG_GROUP_NAME']
    @log_stream_name = ENV['AWS_LAMBDA_LOG_STREAM_NAME']
    @function_name = ENV['AWS_LAMBDA_FUNCTION_NAME']
    @memory_limit_in_mb = ENV['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
    @function_version = ENV['AWS_LAMBDA_FUNCTION_VERSION']
    @identity = parse(request['Lambda-Runtime-Cognito-Identity'])
    @client_context = parse(request['Lambda-Runtime-Client-Context'])
  end

  def get_remaining_time_in_millis
    [0, @deadline_ms - Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond)].max
  end

  private

  def parse(text)
    JSON.parse(text.dup.force_encoding(Encoding::UTF_8)) if text && !text.empty?
  end
end

module AwsLambda
  # How events become objects and results become payloads; functions may replace these two methods, as in Lambda.
  class Marshaller
    class << self
      def marshall_request(raw_request)
        return raw_request.body unless raw_request['Content-Type'] == 'application/json'

        JSON.parse(raw_request.body)
      end

      # A payload, and its content type where it is not JSON.
      def marshall_response(method_response)
        return [method_response, 'application/unknown'] if method_response.is_a?(IO) || stream?(method_response)

        method_response.to_json
      end

      private

      # The class is there only where something has asked for it.
      def stream?(value)
        defined?(StringIO) && value.is_a?(StringIO)
      end
    end
  end
end

# Nothing here is at the top level: what a function defines there becomes a method of every object.
module SamovarRuntime
  # An answer of the Runtime API; its fields are found in any case of letters.
  class Answer
    attr_reader :status, :body

    def initialize(status, headers, body)
      @status = status
      @headers = headers
      @body = body
    end

    def [](name)
      @headers[name.downcase]
    end
  end

  # One connection to the Runtime API, which answers each request with a Content-Length.
  class Client
    def initialize(address)
      @address = address
      @host, _, @port = address.rpartition(':')
      @socket = nil
    end

    def call(method, path, body = '', headers = {})
      body = body.b
      fields = { 'Host' => @address, 'Content-Type' => 'application/json', 'Content-Length' => body.bytesize }
      lines = fields.merge(headers).map { |name, value| "#{name}: #{value}\r\n" }
      connect if @socket.nil?
      @socket.write("#{method} /2018-06-01/runtime/#{path} HTTP/1.1\r\n#{lines.join}\r\n".b + body)
      receive
    end

    private

    def connect
      @socket = TCPSocket.new(@host, @port.to_i)
      @socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
      @socket.binmode
    end

    def receive
      status = line.split(' ')[1].to_i
      headers = {}
      until (field = line).empty?
        name, _, value = field.partition(':')
        headers[name.downcase] = value.strip
      end
      length = headers.fetch('content-length', '0').to_i
      body = length.zero? ? +'' : @socket.read(length)
      raise EOFError, 'the Runtime API closed the connection' if body.nil? || body.bytesize < length

      close if headers['connection'].to_s.casecmp?('close')
      Answer.new(status, headers, body.force_encoding(Encoding::UTF_8))
    end

    def line
      text = @socket.gets("\r\n")
      raise EOFError, 'the Runtime API closed the connection' if text.nil?

      text.chomp("\r\n")
    end

    def close
      @socket.close
      @socket = nil
    end
  end

  # An error of the function in the words of Lambda's runtime: `Function<NameError>`.
  class Report
    # The classes that the header may name; all others are errors of the user.
    NAMED = %w[
      ArgumentError NoMethodError Exception StandardError NameError LoadError SystemExit SystemStackError
    ].freeze

    def initialize(error, phase)
      @error = error
      @phase = phase
    end

    def payload
      { errorMessage: message, errorType: "#{@phase}<#{@error.class}>", stackTrace: trace }
    end

    def header
      NAMED.include?(@error.class.to_s) ? "#{@phase}<#{@error.class}>" : 'Function<UserException>'
    end

    def post(client, path)
      text = JSON.generate(payload)
      $stderr.puts(@phase == 'Init' ? 'Init error when loading handler' : 'Error raised from handler method', text)
      client.call('POST', path, text, 'Lambda-Runtime-Function-Error-Type' => header)
    end

    private

    # Before Ruby 3.2 a name that is not there brings hints and a line of source along, which Lambda's Rubies keep apart.
    def message
      has_hints = RUBY_VERSION < '3.2' && @error.respond_to?(:original_message)
      (has_hints ? @error.original_message : @error.message).to_s.dup.force_encoding(Encoding::UTF_8).scrub
    end

    # The frames of the function: those of this file called it.
    def trace
      (@error.backtrace_locations || []).first(100).take_while { |frame| frame.absolute_path != __FILE__ }
                                        .map { |frame| frame.to_s.dup.force_encoding(Encoding::UTF_8).scrub }
    end
  end

  # `FILE.METHOD` or `FILE.CLASS.METHOD`.
  class Handler
    def initialize(text)
      parts = text.split('.')
      unless [2, 3].include?(parts.size)
        raise ArgumentError, "Invalid handler #{parts}, must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD"
      end

      @file = parts.first
      @type = parts[1] if parts.size == 3
      @method = parts.last
    end

    # A file of the function comes before one of Ruby's own of the same name.
    def load(root)
      path = File.join(root, "#{@file}.rb")
      require(File.file?(path) ? path : @file)
    end

    # The payload, and its content type where it is not JSON.
    def call(event, context)
      # What is defined at the top level of a file is a private method of every object.
      target = @type ? Kernel.const_get(@type) : TOPLEVEL_BINDING.receiver
      AwsLambda::Marshaller.marshall_response(target.__send__(@method, event: event, context: context))
    end
  end

  class << self
    def start
      $stdout.sync = true
      # The locale of the environment need not be on this machine.
      Encoding.default_external = Encoding::UTF_8
      root = ENV['LAMBDA_TASK_ROOT']
      $LOAD_PATH.unshift(root) unless $LOAD_PATH.include?(root)
      find_gems(root)
      client = Client.new(ENV['AWS_LAMBDA_RUNTIME_API'])
      serve(client, load(client, root))
    end

    private

    # The gems that a build has put beside the code; those of another version of Ruby are better than none.
    def find_gems(root)
      folders = Dir.glob("#{root}/vendor/bundle/ruby/*").sort
      own = folders.select { |folder| File.basename(folder) == RbConfig::CONFIG['ruby_version'] }
      folders = own unless own.empty?
      return if folders.empty?

      ENV['GEM_PATH'] = (folders + [ENV['GEM_PATH']]).compact.join(':')
      Gem.clear_paths
    end

    def load(client, root)
      handler = Handler.new(ENV['_HANDLER'].to_s)
      handler.load(root)
      handler
    rescue Exception => e # rubocop:disable Lint/RescueException
      # `exit` while loading is an error as well.
      Report.new(e, 'Init').post(client, 'init/error')
      exit!(252)
    end

    def serve(client, handler)
      loop do
        request = wait(client)
        id = request['Lambda-Runtime-Aws-Request-Id']
        trace = request['Lambda-Runtime-Trace-Id']
        ENV['_X_AMZN_TRACE_ID'] = trace if trace
        payload, type = invoke(client, handler, request, "invocation/#{id}/error")
        answer(client, id, payload, type) if payload
      end
    end

    def wait(client)
      request = client.call('GET', 'invocation/next')
      raise "the Runtime API answered #{request.status}" if request.status != 200

      request
    rescue SignalException
      exit
    end

    # The payload and its content type; nil where an error has been posted in its place.
    #
    # A wrong name, or what is no StandardError, ends the process, as in Lambda: a mistake of the program may have
    # left it in any state.
    def invoke(client, handler, request, path)
      handler.call(AwsLambda::Marshaller.marshall_request(request), LambdaContext.new(request))
    rescue Exception => e # rubocop:disable Lint/RescueException
      Report.new(e, 'Function').post(client, path)
      exit!(255) if e.is_a?(NameError) || !e.is_a?(StandardError)
      nil
    end

    def answer(client, id, payload, type)
      payload = payload.read if type == 'application/unknown'
      answer = client.call('POST', "invocation/#{id}/response", payload, type ? { 'Content-Type' => type } : {})
      $stderr.puts("the response of #{payload.bytesize} bytes is too large") if answer.status == 413
    end
  end
end

SamovarRuntime.start
