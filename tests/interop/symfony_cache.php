<?php
// A program that reads a token from Symfony's cache on Redis, as EasyWeChat does: arguments are the socket, the
// namespace and the key.
foreach (['/usr/share/php/Psr/Cache/autoload.php', '/usr/share/php/Symfony/Component/Cache/autoload.php'] as $file) {
    if (is_file($file)) {
        require_once $file;
    }
}
$redis = new Redis();
$redis->connect($argv[1]);
$cache = new Symfony\Component\Cache\Adapter\RedisAdapter($redis, $argv[2]);
$item = $cache->getItem($argv[3]);
echo json_encode(['hit' => $item->isHit(), 'value' => $item->get()]);
