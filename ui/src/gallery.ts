import { mount } from 'svelte';
import './style/index.css';
import Gallery from './gallery/Gallery.svelte';

const target = document.getElementById('app');
if (target) mount(Gallery, { target });
